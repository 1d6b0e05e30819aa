/**
 * Measures what a person waits for, side by side in one run, and writes it to bench/RESULTS.md. The two ways take
 * turns, each on a fresh container from the same image.
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";

import { runningEngines } from "../components/machine/container/engine";
import { find } from "../components/machine/container/existing";
import { startMachine, type TestMachine } from "../test/support/containerMachine";
import { Stack } from "../test/support/stack";
import { byHand } from "./handWritten";
import { median, spread, timed } from "./measure";
import { servingMemory } from "./memory";

const configuration = {
  machine: { kind: "container" },
  site: { name: "wepynaire", domains: ["localhost"] },
  app: { path: "examples/wepynaire" },
  health: { path: "/healthz" },
  // What "auto" gives on a machine with one core, whatever this one has.
  gunicorn: { workers: 1 },
};

async function freshByHand(): Promise<number> {
  const machines: TestMachine[] = [];
  const seconds = await timed(async () => machines.push(await byHand()));
  for (const machine of machines) await machine.stop();
  return seconds;
}

interface StackTimes {
  fresh: number;
  unchanged: number[];
  nginx: number;
  memory: number;
}

async function byStack(): Promise<StackTimes> {
  const stack = await Stack.create();
  try {
    await stack.configure(configuration);
    const up = (...args: string[]) => timed(() => stack.run("up", "--yes", "--skip-preview", ...args));
    const fresh = await up();
    const unchanged = [
      await up("--expect-no-changes"),
      await up("--expect-no-changes"),
      await up("--expect-no-changes"),
    ];
    const found = await find(await runningEngines(), stack.name);
    if (!found) throw new Error("the stack's container is gone");
    const memory = await servingMemory(found);
    await stack.configure({ ...configuration, nginx: { bodySize: 30 } });
    return { fresh, unchanged, nginx: await up(), memory };
  } finally {
    await stack.close();
  }
}

/** @param rounds how often each way goes from nothing to the first 200 */
export async function bench(rounds: number): Promise<void> {
  // The image is made once for both, before the clock runs.
  await (await startMachine()).stop();
  const hand: number[] = [];
  const stacks: StackTimes[] = [];
  for (let round = 0; round < rounds; round++) {
    hand.push(await freshByHand());
    stacks.push(await byStack());
    console.log(
      `round ${round + 1}: by hand ${hand.at(-1)?.toFixed(1)} s, by pulumi up ${stacks.at(-1)?.fresh.toFixed(1)} s`,
    );
  }
  const fresh = stacks.map((times) => times.fresh);
  const text = `# Measured

${cpus().length} cores, ${rounds} rounds, taking turns; seconds as median (lowest to highest). Made by \`npm run bench\`; only the
ratios carry over to another computer. Both start from no container and end at the sample site's first 200.

| the same job | seconds | ratio |
| --- | --- | --- |
| hand-written shell script over one SSH session | ${spread(hand)} | 1 |
| \`pulumi up\` | ${spread(fresh)} | ${(median(fresh) / median(hand)).toFixed(2)} |
| \`pulumi up\`, nothing to change | ${spread(stacks.flatMap((times) => times.unchanged))} | |
| \`pulumi up\`, one nginx value changed | ${spread(stacks.map((times) => times.nginx))} | |

nginx, supervisor and gunicorn together, idle, with the defaults for one core: ${spread(stacks.map((times) => times.memory))} MiB of
proportional memory (PSS).
`;
  writeFileSync(join(__dirname, "RESULTS.md"), text);
  console.log(text);
}
