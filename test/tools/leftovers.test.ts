import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";

import { processes, runMark } from "../../tools/leftovers";
import { skip } from "../support/skip";

describe("what a run of the tests leaves running", () => {
  before(function () {
    if (process.platform !== "linux") skip(this, "processes are found by /proc");
  });

  it("is known by the run's mark, and can be ended", async () => {
    const run = randomUUID();
    assert.deepEqual(processes(run), []);
    const child = spawn("sleep", ["60"], { env: { ...process.env, [runMark]: run }, stdio: "ignore" });
    await once(child, "spawn");
    const ended = once(child, "exit");
    const [left, ...others] = processes(run);
    assert.deepEqual(others, []);
    assert.equal(left?.name, `process ${child.pid} sleep 60`);
    await left.end();
    assert.deepEqual(await ended, [null, "SIGTERM"]);
    assert.deepEqual(processes(run), []);
  });
});
