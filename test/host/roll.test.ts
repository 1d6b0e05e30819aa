import { strict as assert } from "node:assert";

import { runWith } from "./bash";

describe("the instances that a deploy starts anew", () => {
  /** The wave of `instances`, when some are in service, and others were started before and answer well or badly. */
  async function wave(
    instances: number,
    inService: number[],
    fresh: number[] = [],
    unhealthy: number[] = [],
    gateway = "wsgi",
  ) {
    const line = `
declare -A fact=([instances]=$1 [interface]=$5)
in_service() { printf '%s' "$served"; }
served=$2 fresh=($3)
for name in $4; do unhealthy[$name]=yes; done
next_wave
echo "\${wave[@]}"`;
    const lines = inService.map((name) => `${name}\n`).join("");
    const { status, stdout, stderr } = await runWith(["common", "upstream", "roll"], line, [
      String(instances),
      lines,
      fresh.join(" "),
      unhealthy.join(" "),
      gateway,
    ]);
    assert.equal(status, 0, stderr);
    return stdout.trim().split(" ").map(Number);
  }

  it("are all of them at the first deploy, and the last program stays free", async () => {
    assert.deepEqual(await wave(1, []), [0]);
    assert.deepEqual(await wave(3, []), [0, 1, 2]);
  });

  it("are the free one beside a single instance", async () => {
    assert.deepEqual(await wave(1, [0]), [1]);
    assert.deepEqual(await wave(1, [1]), [0]);
  });

  it("are as many as leave half of them serving", async () => {
    assert.deepEqual(await wave(2, [0, 1]), [2, 0]);
    assert.deepEqual(await wave(2, [0, 2]), [1, 0]);
    assert.deepEqual(await wave(3, [0, 1, 2]), [3, 0]);
    assert.deepEqual(await wave(3, [0, 1, 2, 3], [3, 0]), [1]);
    assert.deepEqual(await wave(4, [0, 1, 2, 3]), [4, 0, 1]);
  });

  it("are more when others of before serve too, as there were more instances", async () => {
    assert.deepEqual(await wave(2, [0, 1, 2, 3]), [0, 1]);
  });

  it("are at first only the free ones, where WebSockets would be closed for a bad release", async () => {
    const asgi = (inService: number[], fresh: number[] = []) => wave(2, inService, fresh, [], "asgi");
    assert.deepEqual(await asgi([0, 1]), [2]);
    assert.deepEqual(await asgi([1, 2], [2]), [0]);
    assert.deepEqual(await asgi([]), [0, 1]);
    assert.deepEqual(await asgi([0, 1, 2, 3]), [0, 1]);
  });

  it("are first of all those that did not become healthy", async () => {
    assert.deepEqual(await wave(2, [1], [], [0, 2]), [0, 2]);
    assert.deepEqual(await wave(2, [0, 1], [], [0, 1]), [0, 1]);
  });
});
