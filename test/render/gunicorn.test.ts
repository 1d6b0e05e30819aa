import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { renderGunicorn } from "../../components/render/gunicorn";
import { gunicornSchema } from "../../components/settings/schema/gunicorn";
import { assertGolden } from "../support/golden";

const settings = (changed: object = {}) => gunicornSchema.parse(changed);

const worker = "/opt/django-server/asgi-worker@0a1b2c3d";

/** The workers that the file asks for on a machine of so many cores and MiB of memory, as Python computes them. */
function workersOn(cores: number, mebibytes: number, instances: number): number {
  const program = `
import os, sys
os.sched_getaffinity = lambda pid: set(range(${cores}))
os.sysconf = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": ${mebibytes} * 256}.get
exec(sys.stdin.read())
print(workers)`;
  const input = renderGunicorn("wepynaire", settings({ instances }), worker);
  return Number(execFileSync("python3", ["-c", program], { input, encoding: "utf8" }));
}

describe("gunicorn.conf.py", () => {
  it("gunicorn-auto.py", () => {
    assertGolden("gunicorn-auto.py", renderGunicorn("wepynaire", settings(), worker));
  });
  it("gunicorn-numbers.py", () => {
    const numbers = { workers: 3, threads: 8, timeout: 120, gracefulTimeout: 150, maxRequests: 1001 };
    assertGolden("gunicorn-numbers.py", renderGunicorn("wepynaire", settings(numbers), worker));
  });

  it("shares one worker more than there are cores among the instances, as far as memory allows", () => {
    assert.equal(workersOn(1, 512, 2), 1);
    assert.equal(workersOn(4, 8192, 2), 3);
    assert.equal(workersOn(8, 16384, 2), 5);
    assert.equal(workersOn(8, 16384, 1), 9);
    assert.equal(workersOn(16, 1024, 2), 4);
    assert.equal(workersOn(1, 200, 4), 1);
  });

  it("takes the worker that the release's interface asks for", () => {
    const folder = mkdtempSync(join(tmpdir(), "gunicorn-test-"));
    try {
      const file = join(folder, "asgi-worker@0a1b2c3d");
      writeFileSync(file, "class AsgiWorker: pass\n");
      const classOf = (spoken: string): string =>
        execFileSync("python3", ["-c", "import sys; exec(sys.stdin.read()); print(worker_class)"], {
          input: renderGunicorn("wepynaire", settings(), file),
          encoding: "utf8",
          env: { ...process.env, DJANGO_SERVER_INTERFACE: spoken },
        }).trim();
      assert.equal(classOf("wsgi"), "gthread");
      assert.equal(classOf("asgi"), "<class 'asgi_worker.AsgiWorker'>");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("names the visitor's address to a WSGI app as nginx names it", () => {
    const program = `
import os, sys, types
os.environ["DJANGO_SERVER_INTERFACE"] = "wsgi"
exec(sys.stdin.read())
worker = types.SimpleNamespace(wsgi=lambda environ, start_response: environ["REMOTE_ADDR"])
post_worker_init(worker)
print(worker.wsgi({"REMOTE_ADDR": "", "HTTP_X_REAL_IP": "203.0.113.7"}, None), worker.wsgi({"REMOTE_ADDR": ""}, None) == "")`;
    const input = renderGunicorn("wepynaire", settings(), worker);
    assert.equal(execFileSync("python3", ["-c", program], { input, encoding: "utf8" }), "203.0.113.7 True\n");
  });

  it("is valid Python with the numbers that were set", () => {
    const text = renderGunicorn("a-b", settings({ workers: 3, maxRequests: 1001 }), worker);
    const program =
      "import json, sys; names = {}; exec(sys.stdin.read(), names); print(json.dumps([names[n] for n in ('workers', 'max_requests', 'max_requests_jitter', 'proc_name', 'worker_tmp_dir')]))";
    assert.deepEqual(
      JSON.parse(execFileSync("python3", ["-c", program], { input: text, encoding: "utf8" })),
      [3, 1001, 101, "a-b", "/run/a-b"],
    );
  });
});
