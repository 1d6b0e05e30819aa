import { strict as assert } from "node:assert";
import { randomBytes } from "node:crypto";

import type { SampleSite } from "../../support/sampleSite";

/** Everything that a shell, an ini file, Python or YAML could take for its own. */
const awkward = `it's "quoted" \`id\` $HOME \${HOME} $(id) %s %(x)s 100% # no comment ; nor this \\ \\n \\' \t!
 second line, é 🦌 日本 \\`;

const canary = `canary${randomBytes(8).toString("hex")}`;
const plain = `${awkward} plain`;
const secret = `${awkward} ${canary}`;

const view = `
from django.http import JsonResponse
import os
urlpatterns += [path("env", lambda request: JsonResponse(dict(os.environ)))]
`;

/** The app's environment variables, plain and secret. */
export function environment(site: SampleSite): void {
  const { stack } = site;

  describe("the app's environment", () => {
    it("arrives byte for byte, whatever is in it", async () => {
      site.write("wepynaire/urls.py", site.read("wepynaire/urls.py") + view);
      await site.configure(
        { environment: { PLAIN: plain, EMPTY: "", NUMBER: 7 } },
        { secretEnvironment: { SECRET: secret } },
      );
      await stack.up();
      const seen = JSON.parse((await stack.http("/env")).text) as Record<string, string>;
      assert.equal(seen["PLAIN"], plain);
      assert.equal(seen["SECRET"], secret);
      assert.equal(seen["EMPTY"], "");
      assert.equal(seen["NUMBER"], "7");
      assert.equal(seen["DJANGO_SETTINGS_MODULE"], "wepynaire.settings");
      assert.ok((seen["SECRET_KEY"] ?? "").length >= 50, "no secret key was made");
    });

    it("changes by secrets restart the app, and show no value in the preview", async () => {
      await site.configure({}, { secretEnvironment: { SECRET: `${secret}!` } });
      const preview = await stack.preview();
      assert.match(preview, /::wepynaire-secrets\]/);
      assert.ok(!preview.includes(canary));
      await stack.up();
      const seen = JSON.parse((await stack.http("/env")).text) as Record<string, string>;
      assert.equal(seen["SECRET"], `${secret}!`);
    });

    it("keeps its secrets where only the app may read them", async () => {
      const places = "/etc /opt /srv /var /tmp /home /root /run/lock /run/wepynaire";
      const search = `sudo grep -rlaF --devices=skip --file=- ${places} || true`;
      const found = (await stack.ssh(search, canary)).split("\n");
      assert.ok(found.includes("/etc/django-server/wepynaire/secrets"));
      for (const file of found) assert.match(file, /^\/etc\/django-server\/wepynaire\/([\w.]+\/)?secrets$/);
      const rights = await stack.ssh(`sudo stat -c '%a %U:%G' ${found.join(" ")} | sort -u`);
      assert.equal(rights, "640 root:wepynaire");
      assert.equal(await stack.ssh("stat -c '%a %U:%G' /etc/django-server/wepynaire"), "750 root:wepynaire");
    });

    it("shows its secrets in no process list, no journal and no state", async () => {
      assert.ok(!(await stack.ssh("ps axww -o args")).includes(canary));
      assert.ok(!(await stack.ssh("sudo journalctl --no-pager")).includes(canary));
      assert.ok(!stack.state().includes(canary));
    });
  });
}

/** To be asked at the end: what the engine said in all runs. */
export const secretOf = (): string => canary;
