import { strict as assert } from "node:assert";

import { eventually } from "../../support/eventually";
import type { SampleSite } from "../../support/sampleSite";

/** Logs that neither grow for ever nor lose a line. */
export function logs(site: SampleSite): void {
  const { stack } = site;
  const folder = "/var/log/wepynaire";
  const sudo = (command: string): Promise<string> => stack.ssh(`sudo bash -c ${JSON.stringify(command)}`);

  describe("the logs", () => {
    it("of nginx are rotated, and nginx goes on in the new file", async () => {
      await stack.http("/?before-rotation");
      await sudo("logrotate --force /etc/logrotate.d/django-server-wepynaire");
      assert.match(await sudo(`grep -c before-rotation ${folder}/nginx-access.log.1`), /^[1-9]/);
      assert.equal(await sudo(`stat -c '%U:%G %a' ${folder}/nginx-access.log`), "www-data:adm 640");
      await eventually(5, async () => {
        await stack.http("/?after-rotation");
        assert.match(await sudo(`grep -c after-rotation ${folder}/nginx-access.log || true`), /^[1-9]/);
      });
    });

    it("of gunicorn are rotated by supervisor at 10 MB, and the newest lines are kept", async () => {
      const [program = ""] = await site.instances();
      const log = `${folder}/${program.replace("wepynaire-", "")}.log`;
      const before = "the last line before rotation";
      await sudo(`fallocate -l 11M ${log} && echo ${before} >>${log}`);
      const master = await sudo(`supervisorctl pid ${program}`);
      // gunicorn says so when it replaces a worker.
      const killed = await sudo(`pgrep -P ${master} | tee /tmp/killed | xargs kill -9; cat /tmp/killed`);
      await eventually(10, async () => {
        assert.equal(await sudo(`tail -n +1 ${log}.1 | tail -c 30000 | grep -ac '${before}'`), "1");
        assert.notEqual(await sudo(`grep -ac "${killed.split("\n")[0] ?? ""}" ${log}*`), "");
      });
      assert.ok(Number(await sudo(`stat -c %s ${log}`)) < 1_000_000);
      await eventually(10, async () => {
        assert.equal((await stack.http("/")).status, 200);
      });
    });

    it("are for administrators only", async () => {
      assert.equal(await stack.ssh(`stat -c '%U:%G %a' ${folder}`), "root:adm 750");
    });
  });
}
