import { strict as assert } from "node:assert";

import { runWith } from "./bash";

/** PostgreSQL's settings on a machine of so many MiB and cores, for these gunicorns. */
async function tuned(memory: number, cores: number, gunicorns: string): Promise<Record<string, string>> {
  const machine = `awk() { if [ "$1" = -v ]; then command awk "$@"; else echo ${memory}; fi; }; nproc() { echo ${cores}; }`;
  const { status, stdout, stderr } = await runWith(["tuning"], `${machine}; tuned`, [], gunicorns);
  assert.equal(status, 0, stderr);
  return Object.fromEntries(
    [...stdout.matchAll(/^(\w+) = '?([^'\n]+)'?$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

describe("PostgreSQL's settings", () => {
  it("are those of a machine half as large, which the apps leave to it", async () => {
    assert.deepEqual(await tuned(4096, 2, "shop 2 auto 4\n"), {
      ...{ listen_addresses: "localhost", password_encryption: "scram-sha-256", max_connections: "100" },
      ...{ shared_buffers: "512MB", effective_cache_size: "1536MB", maintenance_work_mem: "128MB" },
      ...{ work_mem: "5MB", max_parallel_workers: "2", max_parallel_workers_per_gather: "1" },
      ...{ random_page_cost: "1.1", effective_io_concurrency: "200" },
    });
  });

  it("are none that a small machine can't bear", async () => {
    const small = await tuned(480, 1, "shop 2 auto 4\n");
    const { shared_buffers, work_mem, maintenance_work_mem, max_parallel_workers_per_gather } = small;
    assert.deepEqual(
      { shared_buffers, work_mem, maintenance_work_mem, max_parallel_workers_per_gather },
      {
        ...{ shared_buffers: "60MB", work_mem: "4MB", maintenance_work_mem: "16MB" },
        max_parallel_workers_per_gather: "0",
      },
    );
  });

  it("have a connection for each thread of all sites twice, one instance more than serve", async () => {
    // (2 + 1) × 4 × 16 + (1 + 1) × 2 × 4 = 208
    const { max_connections } = await tuned(16_384, 4, "shop 2 4 16\nclub 1 2 4\n");
    assert.equal(max_connections, "450");
  });

  it("count workers as gunicorn does that counts them itself", async () => {
    // 9 workers of 1 instance: (1 + 1) × 9 × 8 = 144
    assert.equal((await tuned(16_384, 8, "shop 1 auto 8\n"))["max_connections"], "300");
    // 512 MiB are enough for 4 of them: (1 + 1) × 4 × 8 = 64
    assert.equal((await tuned(512, 8, "shop 1 auto 8\n"))["max_connections"], "150");
  });

  it("stay what they are when a usual site is added", async () => {
    const one = await tuned(2048, 2, "shop 2 auto 4\n");
    assert.deepEqual(await tuned(2048, 2, "shop 2 auto 4\nclub 1 auto 4\n"), one);
  });
});
