import { strict as assert } from "node:assert";

import { meanwhile } from "../../support/eventually";
import { pinNote, stylesheetOf } from "../../support/notes";
import type { SampleSite } from "../../support/sampleSite";

const heading = "What’s up next door?";
const template = "board/templates/board/note_list.html";

const migration = (work: string): string => `
from django.db import migrations

def work(apps, schema_editor):
    ${work}

class Migration(migrations.Migration):
    dependencies = [("board", "0001_initial")]
    operations = [migrations.RunPython(work)]
`;

/** New releases of the app, good and bad. */
export function deploys(site: SampleSite): void {
  const { stack } = site;
  let good: string;

  /** The old release goes on as if nothing had been. */
  async function assertUnharmed(): Promise<void> {
    assert.equal(await stack.ssh("readlink /srv/wepynaire/current"), `releases/${good}`);
    const page = await stack.http("/");
    assert.equal(page.status, 200);
    assert.match(page.text, /Fresh from the board/);
    const leftovers = "ls -d /srv/wepynaire/*.new /srv/wepynaire/releases/*.partial 2>/dev/null || true";
    assert.equal(await stack.ssh(leftovers), "");
  }

  describe("a changed app", () => {
    it("is a new release, without one failed request", async () => {
      const before = stack.output("release");
      const stylesheet = stylesheetOf(await stack.http("/"));
      site.edit(template, heading, "Fresh from the board");
      site.edit("board/static/board/board.css", "--paper: #fff;", "--paper: #fffffe;");
      const answers = await meanwhile(
        () => stack.http("/"),
        () => stack.up(),
      );
      good = stack.output("release");
      assert.notEqual(good, before);
      assert.match((await stack.http("/")).text, /Fresh from the board/);
      assert.ok(answers.length > 20);
      assert.deepEqual([...new Set(answers)], [200]);
      await stack.ssh(`test -d /srv/wepynaire/releases/${before}/app`);
      assert.notEqual(stylesheetOf(await stack.http("/")), stylesheet);
      // A page that was loaded before still asks for its own.
      assert.match((await stack.http(stylesheet)).text, /--paper: ?#fff;/);
    });

    it("keeps the data, rows and uploads", async () => {
      const page = await stack.http("/");
      assert.match(page.text, /A ladder to lend/);
      const url = /src="(\/media\/[^"]+)"/.exec(page.text)?.[1] ?? "no upload";
      assert.equal((await stack.http(url)).status, 200);
    });

    it("has no file that the new source lacks", async () => {
      site.write("board/extra.py", "");
      await stack.up();
      await stack.ssh("sudo test -f /srv/wepynaire/current/app/board/extra.py");
      site.remove("board/extra.py");
      await stack.up();
      await stack.ssh("sudo test ! -e /srv/wepynaire/current/app/board/extra.py");
      assert.equal(stack.output("release"), good, "the same source is the same release");
    });
  });

  describe("an app that", () => {
    it("cannot be imported fails its deploy with the reason, beside the running one", async () => {
      const mend = site.edit("board/views.py", "import logging", "import wurzelsepp");
      const said = await stack.failedUp();
      mend();
      assert.match(said, /ModuleNotFoundError: No module named 'wurzelsepp'/);
      assert.match(said, /release: release \S+ does not pass its checks; the running release is untouched/);
      await assertUnharmed();
    });

    it("does not start fails its deploy with its last log lines, and no request with it", async () => {
      const mend = site.edit(
        "wepynaire/wsgi.py",
        "application = get",
        'raise RuntimeError("no \\"way\\"")\napplication = get',
      );
      let said = "";
      const answers = await meanwhile(
        () => stack.http("/"),
        async () => {
          said = await stack.failedUp();
        },
      );
      mend();
      assert.match(
        said,
        /the last lines of \/var\/log\/wepynaire\/gunicorn-\d\.log:[^]*RuntimeError: no "way"/,
      );
      assert.match(
        said,
        new RegExp(`activate: release \\S+ did not become healthy; ${good} is serving again`),
      );
      assert.deepEqual([...new Set(answers)], [200]);
      await assertUnharmed();
    });

    it("answers its health check with an error fails its deploy, and the answer is shown", async () => {
      const mend = site.edit(
        "board/views.py",
        "Note.objects.exists()",
        'raise DatabaseError("gone fishing")',
      );
      await site.configure({ health: { path: "/healthz", timeout: 3 } });
      const said = await stack.failedUp();
      mend();
      await site.configure({ health: { path: "/healthz" } });
      assert.match(said, /answers 503, expected 200-399; its answer begins:\s+database unavailable/);
      assert.match(said, new RegExp(`${good} is serving again`));
      await assertUnharmed();
    });

    it("has a migration that fails is not switched to, and the database's state is told", async () => {
      site.write("board/migrations/0002_work.py", migration('raise ValueError("two left feet")'));
      const said = await stack.failedUp();
      assert.match(said, /ValueError: two left feet/);
      assert.match(
        said,
        /nothing was switched, the old release still serves; the database may be partly migrated/,
      );
      await assertUnharmed();
    });
  });

  describe("the next good deploy", () => {
    it("needs no cleaning", async () => {
      site.write(
        "board/migrations/0002_work.py",
        migration('apps.get_model("board", "Note").objects.update(author="Grace")'),
      );
      await stack.up();
      assert.match((await stack.http("/")).text, /Grace · /);
      assert.equal((await pinNote(stack, "A cat to find")).status, 302);
      await stack.up("--expect-no-changes");
    });

    it("keeps the newest releases only, with the environments they use", async () => {
      const releases = (await stack.ssh("ls /srv/wepynaire/releases")).split("\n");
      assert.ok(releases.length <= 5, releases.join(" "));
      assert.ok(releases.includes(stack.output("release")));
      assert.match(await stack.ssh("ls /srv/wepynaire/venvs"), /^(\w+)-3\.\d+\n\1\.source$/);
      assert.equal(await stack.ssh("ls -d /srv/wepynaire/*.gz ~/.django-server-* 2>/dev/null || true"), "");
    });
  });
}
