import { strict as assert } from "node:assert";

import { changedLines, countOf } from "../../support/diff";
import { eventually } from "../../support/eventually";
import type { SampleSite } from "../../support/sampleSite";

/** Another domain, another name. */
export function names(site: SampleSite): void {
  const { stack } = site;

  describe("another domain", () => {
    it("does what the preview said", async () => {
      await site.configure({ site: { name: "wepynaire", domains: ["board.test", "bücher.test"] } });
      const preview = await stack.preview();
      const lines = changedLines(preview);
      for (const line of [
        "- server_name localhost 127.0.0.1;",
        "+ server_name board.test xn--bcher-kva.test;",
        "- ALLOWED_HOSTS=localhost,127.0.0.1",
        "+ ALLOWED_HOSTS=board.test,xn--bcher-kva.test",
        "- host localhost",
        "+ host board.test",
      ]) {
        assert.ok(lines.includes(line), `no ${line} in ${lines.join("\n")}`);
      }
      const said = await stack.up();
      assert.equal(countOf(said, "updated"), countOf(preview, "to update"));
      assert.equal(countOf(said, "replaced") + countOf(said, "created") + countOf(said, "deleted"), 0, said);
    });

    it("answers there, and no more where it was", async () => {
      assert.match(stack.output("url"), /^http:\/\/board\.test:\d+$/);
      await eventually(5, async () => {
        assert.equal((await stack.http("/")).status, 200);
        assert.equal((await stack.http("/", { host: "xn--bcher-kva.test" })).status, 200);
        await assert.rejects(stack.http("/", { host: "localhost" }), { code: "ECONNRESET" });
      });
    });
  });

  describe("another name of the site", () => {
    it("does what the preview said", async () => {
      await site.configure({ site: { name: "zebra-2", domains: ["board.test"] } });
      const preview = await stack.preview();
      const said = await stack.up();
      assert.ok(countOf(said, "created") > 5);
      assert.equal(countOf(said, "created"), countOf(preview, "to create"));
      assert.equal(countOf(said, "deleted"), countOf(preview, "to delete"));
    });

    it("moves the site, takes the old one off and keeps its data", async () => {
      assert.equal((await stack.http("/")).status, 200);
      assert.equal(await stack.ssh("ls /etc/supervisor/conf.d"), "zebra-2-gunicorn.conf");
      assert.equal(await stack.ssh("ls /etc/nginx/sites-enabled"), "django-server-default\nzebra-2");
      assert.equal(
        await stack.ssh("ls /etc/nginx/sites-available"),
        "default\ndjango-server-default\nzebra-2",
      );
      const programs = await stack.ssh("sudo supervisorctl status | awk '{ print $1 }'");
      assert.equal(programs, "zebra-2-gunicorn-0\nzebra-2-gunicorn-1\nzebra-2-gunicorn-2");
      assert.equal(await stack.ssh("ls /srv/wepynaire"), "shared");
      await stack.ssh("sudo test -s /srv/wepynaire/shared/data/db.sqlite3");
      assert.equal(await stack.ssh("pgrep -u wepynaire || true"), "");
      assert.match(await stack.ssh("sudo nginx -t 2>&1"), /test is successful$/);
    });

    it("is the new stack's normal state", async () => {
      await stack.up("--expect-no-changes");
    });
  });
}
