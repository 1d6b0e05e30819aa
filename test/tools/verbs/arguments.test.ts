import { strict as assert } from "node:assert";

import { chosenLogs, logFiles } from "../../../tools/verbs/logFiles";
import { readArguments } from "../../../tools/verbs/verb";

describe("a verb's arguments", () => {
  it("are its own options, and the stack", () => {
    const options = { lines: { type: "string", short: "n" } } as const;
    const { values, positionals } = readArguments({ options }, [
      "error",
      "-n",
      "5",
      "--stack",
      "vps",
      "access",
    ]);
    assert.equal(values.lines, "5");
    assert.equal(values.stack, "vps");
    assert.deepEqual(positionals, ["error", "access"]);
  });

  it("that nobody knows are refused", () => {
    assert.throws(() => readArguments({}, ["--stak", "vps"]), /Unknown option '--stak'/);
    assert.throws(() => readArguments({ passesOn: true }, ["--plan", "migrate"]), /Unknown option '--plan'/);
  });

  for (const [given, stack, passed] of [
    ["migrate --plan --stack x", undefined, "migrate --plan --stack x"],
    ["--stack vps migrate --plan", "vps", "migrate --plan"],
    ["--stack=vps migrate -h", "vps", "migrate -h"],
    ["-- --version", undefined, "--version"],
    ["--stack vps -- --version", "vps", "--version"],
  ] as const) {
    it(`are passed on from the first on that is no option: ${given}`, () => {
      const { values, positionals } = readArguments({ passesOn: true }, given.split(" "));
      assert.equal(values.stack, stack);
      assert.equal(positionals.join(" "), passed);
    });
  }
});

describe("the logs of a site", () => {
  const logs = logFiles({ name: "shop", instances: 2, processes: { worker: 2 }, timers: ["nightly"] });

  it("are by default those that tell what went wrong", () => {
    assert.deepEqual([...chosenLogs(logs, []).keys()], ["gunicorn-0", "gunicorn-1", "gunicorn-2", "error"]);
  });

  it("are asked for by name, each once", () => {
    assert.deepEqual(
      [...chosenLogs(logs, ["gunicorn-1", "access", "gunicorn"]).values()],
      ["gunicorn-1", "nginx-access", "gunicorn-0", "gunicorn-2"].map((name) => `/var/log/shop/${name}.log`),
    );
  });

  it("are asked for by the name of a process or a timer", () => {
    assert.deepEqual(
      [...chosenLogs(logs, ["worker", "nightly"]).values()],
      ["worker-0", "worker-1", "nightly"].map((name) => `/var/log/shop/${name}.log`),
    );
    assert.deepEqual([...chosenLogs(logs, ["worker-1"]).keys()], ["worker-1"]);
  });

  it("that are not there are refused with the names of those that are", () => {
    assert.throws(
      () => chosenLogs(logs, ["acces"]),
      /no log acces; there are: gunicorn, gunicorn-0, .*access/,
    );
  });
});
