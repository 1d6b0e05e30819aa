import { strict as assert } from "node:assert";

import { eventually, meanwhile } from "../../support/eventually";
import type { SampleSite } from "../../support/sampleSite";

/** What brings the site back when something dies. */
export function crashes(site: SampleSite): void {
  const { stack } = site;
  const pid = (program: string): Promise<string> => stack.ssh(`sudo supervisorctl pid ${program}`);
  const supervisord = (): Promise<string> =>
    stack.ssh("systemctl show --property MainPID --value supervisor");
  const kill = (pids: string): Promise<string> => stack.ssh(`sudo kill -9 ${pids}`);

  /** The parents of those gunicorn processes that are no gunicorn's children: of masters, and of orphans. */
  const parents = async (): Promise<string[]> => {
    const list = await stack.ssh("ps -u wepynaire -o pid=,ppid=");
    const processes = list.split("\n").map((line) => line.trim().split(/ +/) as [string, string]);
    const own = new Set(processes.map(([id]) => id));
    return processes.map(([, parent]) => parent).filter((parent) => !own.has(parent));
  };

  /** One master for each instance, a child of the present supervisord, and every one answers. */
  const assertWhole = async (): Promise<void> => {
    const parent = await supervisord();
    const masters = (await parents()).filter((one) => one === parent);
    assert.equal(masters.length, 2);
    const targets = await stack.ssh("sudo sh -c 'readlink /run/wepynaire/upstream-?.sock'");
    assert.equal(new Set(targets.split("\n")).size, 2, targets);
    for (const target of targets.split("\n")) {
      const socket = `/run/wepynaire/${target}`;
      const curl = "curl -s -o /dev/null -w '%{http_code}' -H 'Host: localhost'";
      assert.equal(await stack.ssh(`sudo ${curl} --unix-socket ${socket} http://x/healthz`), "200");
    }
    assert.equal((await stack.http("/")).status, 200);
  };

  /** Workers that lost their master end by themselves, at the latest after gunicorn's grace of 30 s. */
  const assertNoOrphans = (): Promise<void> =>
    eventually(35, async () => {
      const parent = await supervisord();
      assert.deepEqual(await parents(), [parent, parent]);
    });

  describe("kill -9", () => {
    it("of all workers of one instance is noticed by a request in their hands at most", async () => {
      const [program = ""] = await site.instances();
      const master = await pid(program);
      const answers = await meanwhile(
        () => stack.http("/"),
        async () => {
          await stack.ssh(`sudo pkill -9 -P ${master}`);
          await eventually(10, assertWhole);
        },
      );
      assert.ok(answers.filter((answer) => answer !== 200).length <= 1, answers.join(" "));
      assert.equal(await pid(program), master);
    });

    it("of one gunicorn master is not noticed by visitors", async () => {
      const [program = ""] = await site.instances();
      const old = await pid(program);
      await kill(old);
      assert.equal((await stack.http("/")).status, 200);
      // The dead one's workers answer for a moment, and it is listed until supervisor has taken note.
      await eventually(10, async () => {
        assert.notEqual(await pid(program), old);
        await assertWhole();
      });
    });

    it("of all gunicorn masters is over within seconds", async () => {
      const programs = await site.instances();
      const masters = await Promise.all(programs.map(pid));
      await kill(masters.join(" "));
      await eventually(10, async () => {
        for (const [index, program] of programs.entries())
          assert.notEqual(await pid(program), masters[index]);
        await assertWhole();
      });
    });

    it("of supervisord leaves no second gunicorn behind", async () => {
      const old = await supervisord();
      await kill(old);
      await eventually(15, async () => {
        assert.notEqual(await supervisord(), old);
        await assertWhole();
      });
      await assertNoOrphans();
    });

    it("of the nginx master is over within seconds", async () => {
      await kill("$(cat /run/nginx.pid)");
      await eventually(10, assertWhole);
    });
  });

  describe("supervisor's own restart", () => {
    it("brings exactly the same programs back", async () => {
      await stack.ssh("sudo systemctl restart supervisor");
      await eventually(15, assertWhole);
      await assertNoOrphans();
    });
  });

  describe("a reboot", () => {
    it("brings the site back by itself", async () => {
      const boot = await stack.ssh("stat -c %Z /proc/1");
      await stack.reboot();
      assert.notEqual(await stack.ssh("stat -c %Z /proc/1"), boot);
      await eventually(20, assertWhole);
      assert.match((await stack.http("/")).text, /A ladder to lend/);
      await stack.up("--expect-no-changes");
    });
  });
}
