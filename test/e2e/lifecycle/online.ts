import { strict as assert } from "node:assert";

import { eventually } from "../../support/eventually";
import type { SampleSite } from "../../support/sampleSite";

/** From nothing to a site that answers. */
export function online({ stack }: SampleSite): void {
  describe("the first deploy", () => {
    it("ends with a site that answers at its url", async () => {
      await stack.up();
      const answer = await stack.http("/");
      assert.equal(answer.status, 200);
      assert.match(answer.text, /<title>[^<]*Wepynaire/);
    });

    it("tells where to look", () => {
      assert.match(stack.output("url"), /^http:\/\/localhost:\d+$/);
      assert.equal(stack.output("address"), "127.0.0.1");
      assert.equal(stack.output("ssh"), `ssh -F .local/machines/${stack.name}/ssh-config ${stack.name}`);
      assert.match(stack.output("release"), /^[0-9a-f]{12}-[0-9a-f]{4}$/);
      const status = JSON.parse(stack.output("status")) as string[];
      assert.equal(status.length, 2);
      status.forEach((line, index) => {
        assert.match(
          line,
          new RegExp(`^wepynaire-gunicorn-${index} answers; supervisor: (STARTING|RUNNING)`),
        );
      });
    });

    it("puts everything where an administrator looks for it", async () => {
      assert.equal(
        await stack.ssh("readlink -f /etc/nginx/sites-enabled/wepynaire"),
        "/etc/nginx/sites-available/wepynaire",
      );
      assert.equal(await stack.ssh("ls /etc/supervisor/conf.d"), "wepynaire-gunicorn.conf");
      for (const file of [
        "/etc/nginx/sites-available/wepynaire",
        "/etc/supervisor/conf.d/wepynaire-gunicorn.conf",
      ]) {
        assert.match(await stack.ssh(`head -n 1 ${file}`), /^[#;] Placed by django-server\./);
      }
      assert.equal(await stack.ssh("readlink /srv/wepynaire/current"), `releases/${stack.output("release")}`);
    });

    it("leaves nginx, supervisor and systemd content", async () => {
      assert.match(await stack.ssh("sudo nginx -t 2>&1"), /test is successful$/);
      await eventually(15, async () => {
        const status = await stack.ssh("sudo supervisorctl status || true");
        const [one, two, free] = status.split("\n");
        assert.match(one ?? "", /^wepynaire-gunicorn-0 +RUNNING /);
        assert.match(two ?? "", /^wepynaire-gunicorn-1 +RUNNING /);
        assert.match(free ?? "", /^wepynaire-gunicorn-2 +STOPPED +Not started$/);
      });
      assert.equal(await stack.ssh("systemctl is-enabled nginx supervisor"), "enabled\nenabled");
      assert.equal(await stack.ssh("systemctl --failed --no-legend"), "");
    });

    it("gives the app no more rights than it needs", async () => {
      const users = await stack.ssh("ps -o user= -p $(pgrep -d, -f '/bin/gunicor[n]') | sort -u");
      assert.equal(users, "wepynaire");
      const own = await stack.ssh(
        "cd / && sudo -u wepynaire find /etc/django-server /opt/django-server /srv/wepynaire/releases /srv/wepynaire/venvs -writable ! -type l 2>/dev/null || true",
      );
      assert.equal(own, "", "the app may change its own code or settings");
    });
  });

  describe("a second deploy", () => {
    it("changes nothing", async () => {
      assert.match(await stack.up("--expect-no-changes"), /Resources:\n +\d+ unchanged\n/);
    });
  });
}
