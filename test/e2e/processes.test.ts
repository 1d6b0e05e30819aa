import { strict as assert } from "node:assert";

import { eventually, pause } from "../support/eventually";
import { WorkerSite } from "../support/workerSite";
import type { Status } from "../../tools/verbs/statusLines";

const work = { command: "python manage.py work one", stopTimeout: 20 };
const other = { command: 'python manage.py work "$WORKER ; 100%"', stopTimeout: 20 };
const tick = { command: 'echo "$TOKEN" | wc -c && readlink /srv/jobs/current', schedule: "*:*:0/2" };
const clock = "/var/log/jobs/tick.log";

describe("processes and timers", () => {
  const site = new WorkerSite();
  const { stack } = site;
  before(() => site.prepare());
  after(() => stack.close());

  /** All is well: the site answers, nothing has drifted, no run failed. */
  const assertWell = async (): Promise<void> => {
    const { code, drift, timers } = await status();
    assert.deepEqual([code, drift], [0, []], JSON.stringify(timers));
  };
  const status = async (): Promise<Status & { code: number }> => {
    const { code, stdout, text } = await stack.verb("status", ["--json"]);
    assert.notEqual(stdout, "", text);
    return { ...(JSON.parse(stdout) as Status), code };
  };
  const timer = async (name: string): Promise<Status["timers"][number]> => {
    const found = (await status()).timers.find((one) => one.name === name);
    assert.ok(found, `there is no timer ${name}`);
    return found;
  };
  const page = async (): Promise<string> => (await stack.http("/")).text;
  const states = (of: Status): string[] => of.processes.map(({ name, state }) => `${name} ${state}`);

  it("are online with the site", async () => {
    site.write({ name: "A" });
    await site.configure({ one: { ...work, count: 2 }, two: other }, { tick });
    const said = await stack.up();
    assert.match(said, /jobs-one-1; supervisor: RUNNING pid/);
    const now = await status();
    assert.deepEqual(states(now), ["one-0 running", "one-1 running", "two-0 running"]);
    assert.ok(now.processes.every(({ memory, seconds }) => memory > 10e6 && seconds >= 5));
    assert.deepEqual([now.code, now.drift], [0, []]);
    const began = ["one", "one", "two ; 100%"].map((name) => `${name} A began with hush-hush`);
    assert.deepEqual(await site.journal(), began);
  });

  it("run as the site's user, each in the place of the shell that read its command", async () => {
    const { "two-0": pid = "" } = await site.running();
    const [user, ...command] = (await stack.ssh(`ps -o user=,args= -p ${pid}`)).split(/ +/);
    assert.equal(user, "jobs");
    assert.equal(command.join(" "), "python manage.py work two ; 100%");
    assert.equal(
      await stack.ssh("sudo grep -r hush-hush /etc/supervisor /etc/systemd /var/log/jobs || true"),
      "",
    );
  });

  it("tell what they say by npm run logs", async () => {
    const { stdout } = await stack.verb("logs", ["one"]);
    assert.match(stdout, /^one-0 \| .*A works as one$/m);
    assert.match(stdout, /^one-1 \| .*A works as one$/m);
  });

  it("change nothing on the next run", async () => {
    await stack.up("--expect-no-changes");
  });

  it("are replaced by those of a new release, after the old ones have ended what they were at", async () => {
    site.write({ name: "B" });
    await stack.up();
    assert.equal(await page(), "B");
    assert.deepEqual(
      await site.journal(),
      ["one", "one", "two ; 100%"]
        .flatMap((name) => [`${name} A ended`, `${name} B began with hush-hush`])
        .sort(),
    );
  });

  it("are restarted alone when only they change, and end when they are taken out", async () => {
    const before = await site.running();
    await site.configure({ one: work, two: { ...other, command: "python manage.py work three" } }, { tick });
    await stack.up();
    const now = await site.running();
    assert.deepEqual(
      Object.keys(now).sort(),
      Object.keys(before)
        .filter((name) => name !== "one-1")
        .sort(),
    );
    const kept = Object.keys(now).filter((name) => now[name] === before[name]);
    assert.deepEqual(
      kept.sort(),
      Object.keys(now)
        .filter((name) => name !== "two-0")
        .sort(),
    );
    assert.deepEqual(await site.journal(), [
      "one B ended",
      "three B began with hush-hush",
      "two ; 100% B ended",
    ]);
    await assertWell();
  });

  it("of a release that does not start leave the old one at work, and say why", async () => {
    const before = await site.running();
    site.write({ name: "C", work: 'raise ValueError("no " + os.environ["TOKEN"])' });
    const said = await stack.failedUp();
    assert.match(said, /jobs-(one|two)-0 does not stay up; supervisor: BACKOFF/);
    assert.match(said, /the last lines of \/var\/log\/jobs\/(one|two)-0\.log:[^]*ValueError: no \[secret\]/);
    assert.match(
      said,
      new RegExp(`release \\S+ did not become healthy; ${stack.output("release")} is serving again`),
    );
    assert.equal(await page(), "B");
    const now = await site.running();
    // The web process has not been touched.
    const [web = ""] = Object.keys(before).filter((name) => name.startsWith("gunicorn"));
    assert.equal(now[web], before[web]);
    assert.deepEqual(
      await site.journal(),
      ["one", "three"].flatMap((name) => [`${name} B began with hush-hush`, `${name} B ended`]).sort(),
    );
    await assertWell();
  });

  it("go back with a release whose web process is not healthy", async () => {
    site.write({ name: "D", answer: "raise ValueError('ill')" });
    assert.match(await stack.failedUp(), /answers 500, expected 200-399/);
    assert.equal(await page(), "B");
    const ran = ["one", "three"].flatMap((name) => [
      ...[`${name} B began with hush-hush`, `${name} B ended`],
      ...[`${name} D began with hush-hush`, `${name} D ended`],
    ]);
    assert.deepEqual(await site.journal(), ran.sort());
    assert.deepEqual(states(await status()), ["one-0 running", "two-0 running"]);
  });

  it("that do not start after a change of theirs alone are as before", async () => {
    site.write({ name: "B" });
    const before = await site.running();
    await site.configure({
      one: { command: "no-such-program" },
      two: { ...other, command: "python manage.py work three" },
    });
    const said = await stack.failedUp();
    assert.match(said, /no-such-program: not found/, said);
    assert.match(said, /what runs beside release \S+ did not start; it is as before$/m, said);
    const { "one-0": replaced, ...others } = await site.running();
    assert.ok(replaced !== undefined && replaced !== before["one-0"]);
    assert.deepEqual(others, Object.fromEntries(Object.entries(before).filter(([name]) => name !== "one-0")));
    assert.equal(await stack.ssh("systemctl is-active jobs-tick.timer"), "active");
  });

  describe("by the clock", () => {
    const failing = {
      command: "echo out; echo err >&2; false | cat; echo not reached",
      schedule: "2040-01-01",
    };
    const slow = { command: "sleep 60 & sleep 60", schedule: "2040-01-01", timeout: 1 };

    it("run in the release that serves, again and again, and are told of", async () => {
      await site.configure({ one: work }, { tick, failing, slow, weekly: { ...tick, schedule: "weekly" } });
      await stack.up();
      const release = `releases/${stack.output("release")}`;
      await stack.ssh(`sudo truncate -s 0 ${clock}`);
      await eventually(10, async () => {
        assert.match(await stack.ssh(`sudo cat ${clock}`), new RegExp(`^(10\\n${release}\\n?){2,}$`));
      });
      // Between two runs, since the next has no time during one.
      const between = await eventually(10, async () => {
        const found = await timer("tick");
        assert.ok(!found.running);
        return found;
      });
      const { lastRun, result, status: code, nextRun } = between;
      assert.deepEqual([result, code], ["success", 0]);
      const now = Date.now() / 1000;
      assert.ok(lastRun !== null && Math.abs(now - lastRun) < 10, String(lastRun));
      assert.ok(nextRun !== null && Math.abs(now - nextRun) < 10, String(nextRun));
      const weekly = await timer("weekly");
      assert.deepEqual([weekly.lastRun, weekly.result], [null, null]);
      assert.ok(weekly.nextRun !== null && weekly.nextRun < now + 8 * 86_400);
      assert.deepEqual((await status()).drift, []);
    });

    it("fail with a status of their own, and tell it", async () => {
      await assert.rejects(stack.ssh("sudo systemctl start jobs-failing"));
      const { result, status: code } = await timer("failing");
      assert.deepEqual([result, code], ["exit-code", 1]);
      assert.equal((await status()).code, 5);
      const { code: ended, text } = await stack.verb("status");
      assert.equal(ended, 5);
      assert.match(text, /^failing +failed with 1, \d+ s ago +next 2040-01-01 00:00 UTC$/m);
      assert.equal((await stack.verb("logs", ["failing"])).stdout, "out\nerr\n");
    });

    it("are ended when they take too long, with all that they have started", async () => {
      await assert.rejects(stack.ssh("sudo systemctl start jobs-slow"));
      assert.equal((await timer("slow")).result, "timeout");
      assert.equal(await stack.ssh("pgrep -u jobs -x sleep || true"), "");
    });

    it("are refused with a time that only systemd knows to be wrong, and go on", async () => {
      await site.configure({ one: work }, { tick: { ...tick, schedule: "10:00 Mars/Olympus" } });
      assert.match(await stack.failedUp(), /schedule of jobs-tick\.timer is none that systemd knows/);
      assert.equal(
        await stack.ssh("systemctl is-active jobs-tick.timer jobs-weekly.timer"),
        "active\nactive",
      );
    });

    it("have logs that are rotated", async () => {
      await stack.ssh("sudo logrotate --force /etc/logrotate.d/django-server-jobs.timers");
      assert.match(await stack.ssh("sudo ls /var/log/jobs"), /^tick\.log\.1$/m);
      await eventually(10, async () => {
        assert.match(await stack.ssh(`sudo cat ${clock}`), /releases/);
      });
    });
  });

  describe("after a fault", () => {
    it("of a deploy that is killed while it waits for them are right after the next", async () => {
      site.write({ name: "E" });
      await site.configure({ one: work }, { tick });
      await site.journal();
      const up = stack.failedUp();
      await eventually(60, async () => {
        assert.match(await stack.ssh("sudo supervisorctl status || true"), /jobs-one-0 +STOPP/);
      });
      await stack.ssh("sudo pkill -9 -f '[a]ctivate@'");
      await up;
      await pause(1);
      await stack.up();
      assert.equal(await page(), "E");
      assert.deepEqual(await site.journal(), ["one B ended", "one E began with hush-hush"]);
      // What was taken out with that deploy.
      assert.equal(
        await stack.ssh("cd /etc/systemd/system; ls jobs-* | grep -v ^jobs-backup"),
        "jobs-tick.service\njobs-tick.timer",
      );
      await assertWell();
    });

    it("of supervisord run once and not twice", async () => {
      const { "one-0": before } = await site.running();
      await stack.ssh("sudo kill -9 $(cat /run/supervisord.pid)");
      await eventually(20, async () => {
        const { "one-0": now } = await site.running();
        assert.ok(now !== undefined && now !== before);
      });
      assert.equal((await stack.ssh("pgrep -u jobs -fc 'manage.py work one$'")).trim(), "1");
    });

    it("of the power come back by themselves", async () => {
      await stack.reboot();
      await eventually(30, async () => {
        assert.deepEqual(states(await status()), ["one-0 running"]);
        assert.equal((await timer("tick")).result, "success");
      });
    });
  });

  describe("at the end", () => {
    it("of which none is left are gone, and leave the site as one that never had any", async () => {
      await site.configure({}, {});
      await stack.up();
      const left = "ls /etc/supervisor/conf.d /etc/systemd/system /etc/logrotate.d /var/lib/systemd/timers";
      assert.doesNotMatch(await stack.ssh(left), /processes|jobs-(?!gunicorn|backup)|\.timers/);
      assert.deepEqual(
        Object.keys(await site.running()).map((name) => name.replace(/\d/, "N")),
        ["gunicorn-N"],
      );
      await assertWell();
      assert.equal(await page(), "E");
    });

    it("are removed with the site", async () => {
      await site.configure({ one: work }, { tick });
      await stack.up();
      await stack.ssh(
        "sudo sh -c '/opt/django-server/site-remove@* keep-data jobs \"$(cat /opt/django-server/machine-id)\"'",
      );
      assert.deepEqual(await site.running(), {});
      const left =
        "ls /etc/supervisor/conf.d /etc/systemd/system /etc/logrotate.d /var/lib/systemd/timers /var/log";
      assert.doesNotMatch(await stack.ssh(left), /jobs/);
      assert.equal(await stack.ssh("pgrep -u jobs || true"), "");
    });
  });
});
