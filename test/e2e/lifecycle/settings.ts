import { strict as assert } from "node:assert";

import { changedLines, countOf } from "../../support/diff";
import { eventually } from "../../support/eventually";
import type { SampleSite } from "../../support/sampleSite";

const live = "/etc/nginx/sites-available/wepynaire";

/** Settings of nginx, changed on a site that is online. */
export function settings(site: SampleSite): void {
  const { stack } = site;

  describe("a changed nginx value", () => {
    it("is one line of one file in the preview", async () => {
      await site.configure({ nginx: { bodySize: 21 } });
      const preview = await stack.preview();
      assert.deepEqual(changedLines(preview), ["- client_max_body_size 20m;", "+ client_max_body_size 21m;"]);
      assert.match(preview, /::wepynaire-nginx-site\]/);
      assert.equal(countOf(preview, "to update"), 1, preview);
    });

    it("is done by the deploy, and nothing else", async () => {
      const before = await stack.ssh("sudo supervisorctl status | awk '{ print $4 }'");
      assert.equal(countOf(await stack.up(), "updated"), 1);
      assert.match(await stack.ssh(`cat ${live}`), /client_max_body_size 21m;/);
      assert.equal(await stack.ssh("sudo supervisorctl status | awk '{ print $4 }'"), before);
    });
  });

  describe("an nginx snippet of one's own", () => {
    it("is refused by its line when it is wrong, with the live configuration untouched", async () => {
      const before = await stack.ssh(`sha256sum ${live}`);
      await site.configure({
        nginx: { bodySize: 21, snippet: "location = /a {\n    return 204;\n}\nproxy_pas x;\n" },
      });
      const said = await stack.failedUp();
      assert.match(said, /line 4 of nginx\.snippet: +proxy_pas x;/);
      assert.match(said, /unknown directive "proxy_pas"/);
      assert.match(said, /nginx refuses this configuration; the live one is untouched/);
      assert.equal(await stack.ssh(`sha256sum ${live}`), before);
      assert.equal((await stack.http("/")).status, 200);
    });

    it("is served when it is right", async () => {
      await site.configure({
        nginx: { bodySize: 21, snippet: 'location = /teapot {\n    return 418 "short";\n}\n' },
      });
      await stack.up();
      // nginx's old workers answer until the new ones are there.
      await eventually(5, async () => {
        const answer = await stack.http("/teapot");
        assert.deepEqual([answer.status, answer.text], [418, "short"]);
      });
    });
  });
}
