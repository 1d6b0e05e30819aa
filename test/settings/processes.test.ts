import { strict as assert } from "node:assert";

import { checkConfig } from "../../components/settings/check";

/** The mistakes of these processes and timers, as `KEY: EXPECTED`. */
function mistakes(processes: object, timers: object = {}): string[] {
  const config = { site: { domains: ["example.org"] }, app: { path: "." }, processes, timers };
  return checkConfig(config, () => false).problems.map(({ key, expected }) => `${key}: ${expected}`);
}

describe("the settings of processes and timers", () => {
  it("have defaults", () => {
    const config = {
      ...{ site: { domains: ["example.org"] }, app: { path: "." } },
      processes: { worker: { command: "celery worker" } },
      timers: { nightly: { command: "a && b | c", schedule: "daily" } },
    };
    const { parts, problems } = checkConfig(config, () => false);
    assert.deepEqual(problems, []);
    assert.deepEqual(parts.processes, { worker: { command: "celery worker", count: 1, stopTimeout: 60 } });
    assert.deepEqual(parts.timers, { nightly: { command: "a && b | c", schedule: "daily", timeout: 3600 } });
  });

  it("are none where none are given", () => {
    const { parts } = checkConfig({ site: { domains: ["example.org"] }, app: { path: "." } }, () => false);
    assert.deepEqual([parts.processes, parts.timers], [{}, {}]);
  });

  for (const name of ["Worker", "a-b", "0a", "a".repeat(21), "a b", "../a", "żółw", ""]) {
    it(`refuse the name ${JSON.stringify(name)}`, () => {
      const [mistake = ""] = mistakes({ [name]: { command: "x" } });
      assert.match(mistake, /: 1 to 20 lower-case letters, digits and _, a letter first$/);
    });
  }

  for (const name of ["gunicorn", "nginx", "error", "access", "migrate", "release", "build", "supervisor"]) {
    it(`refuse the name ${name}, which is that of a log`, () => {
      const [mistake = ""] = mistakes({}, { [name]: { command: "x", schedule: "daily" } });
      assert.equal(mistake, `timers.${name}: a name that is not that of another log or service`);
    });
  }

  it("refuse a name for both a process and a timer", () => {
    assert.deepEqual(mistakes({ a: { command: "x" } }, { a: { command: "x", schedule: "daily" } }), [
      "timers: other names than those of processes: they share logs",
    ]);
  });

  for (const command of [
    "celery -A shop worker -l info",
    "python manage.py work 'a; b && c | d'",
    'python manage.py work "a; \\" & $b"',
    "work >>/tmp/log 2>&1",
    "work &>/tmp/log <&-",
    "bash -c 'a && exec b'",
    "work \\; x=1",
    "env A=1 work",
  ]) {
    it(`take ${command} for one program`, () => {
      assert.deepEqual(mistakes({ a: { command } }), []);
    });
  }

  for (const command of ["a && b", "a; b", "a | b", "a &", "A=1 b", "exec a", "# a", "'a' ; 'b'", "a &2"]) {
    it(`do not take ${command} for one program`, () => {
      const [mistake = ""] = mistakes({ a: { command } });
      assert.match(mistake, /^processes\.a\.command: one program with its arguments; several/);
    });
  }

  for (const command of ["a 'b", 'a "b', "a \\", "it's"]) {
    it(`refuse ${command}, which does not end`, () => {
      assert.deepEqual(mistakes({ a: { command } })[0], "processes.a.command: quotes that are closed");
    });
  }

  for (const command of ["", " ", "a\nb", "a\tb", "a\u0000", "a\u001b[0m"]) {
    it(`refuse ${JSON.stringify(command)} as a command`, () => {
      assert.match(mistakes({ a: { command } })[0] ?? "", /command: one line of text/);
      assert.match(mistakes({}, { a: { command, schedule: "daily" } })[0] ?? "", /command: one line of text/);
    });
  }

  it("say what a schedule is", () => {
    assert.deepEqual(mistakes({}, { a: { command: "x", schedule: "every day" } }), [
      "timers.a.schedule: a calendar expression of systemd's, such as daily, *:0/15 or Mon..Fri 06:30 UTC",
    ]);
  });

  it("refuse numbers out of range, and keys that do not exist", () => {
    const process = { command: "x", count: 33, stopTimeout: 0, restart: true };
    assert.deepEqual(mistakes({ a: process }, { b: { command: "x", schedule: "daily", timeout: 0 } }), [
      "processes.a.count: 0 to 32 processes",
      "processes.a.stopTimeout: 1 to 600 seconds",
      "processes.a.restart: a key of the settings reference",
      "timers.b.timeout: 1 to 86400 seconds",
    ]);
  });
});
