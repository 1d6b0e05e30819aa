import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";

import { renderGunicorn } from "../../components/render/gunicorn";
import { gunicornSchema } from "../../components/settings/schema/gunicorn";
import { assertGolden } from "../support/golden";

const settings = (changed: object = {}) => gunicornSchema.parse(changed);

/** The workers that the file asks for on a machine of so many cores and MiB of memory, as Python computes them. */
function workersOn(cores: number, mebibytes: number, instances: number): number {
  const program = `
import os, sys
os.sched_getaffinity = lambda pid: set(range(${cores}))
os.sysconf = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": ${mebibytes} * 256}.get
exec(sys.stdin.read())
print(workers)`;
  const input = renderGunicorn("wepynaire", settings({ instances }));
  return Number(execFileSync("python3", ["-c", program], { input, encoding: "utf8" }));
}

describe("gunicorn.conf.py", () => {
  it("gunicorn-auto.py", () => {
    assertGolden("gunicorn-auto.py", renderGunicorn("wepynaire", settings()));
  });
  it("gunicorn-numbers.py", () => {
    const numbers = { workers: 3, threads: 8, timeout: 120, gracefulTimeout: 150, maxRequests: 1001 };
    assertGolden("gunicorn-numbers.py", renderGunicorn("wepynaire", settings(numbers)));
  });

  it("shares one worker more than there are cores among the instances, as far as memory allows", () => {
    assert.equal(workersOn(1, 512, 2), 1);
    assert.equal(workersOn(4, 8192, 2), 3);
    assert.equal(workersOn(8, 16384, 2), 5);
    assert.equal(workersOn(8, 16384, 1), 9);
    assert.equal(workersOn(16, 1024, 2), 4);
    assert.equal(workersOn(1, 200, 4), 1);
  });

  it("is valid Python with the numbers that were set", () => {
    const text = renderGunicorn("a-b", settings({ workers: 3, maxRequests: 1001 }));
    const program =
      "import json, sys; names = {}; exec(sys.stdin.read(), names); print(json.dumps([names[n] for n in ('workers', 'max_requests', 'max_requests_jitter', 'proc_name', 'worker_tmp_dir')]))";
    assert.deepEqual(
      JSON.parse(execFileSync("python3", ["-c", program], { input: text, encoding: "utf8" })),
      [3, 1001, 101, "a-b", "/run/a-b"],
    );
  });
});
