/** Measures what a person waits for, side by side in one run, and writes it to bench/RESULTS.md. */
import { writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

import { format, resolveConfig } from "prettier";

import { runningEngines } from "../components/machine/container/engine";
import { startMachine } from "../test/support/containerMachine";
import { pulumiEnvironment } from "../tools/toolchain/environment";
import { output } from "../tools/toolchain/process";
import type { Say } from "../tools/toolchain/ways";
import { ansibleRelease, ensureAnsible } from "./ansibleCore";
import { Contest } from "./contest";
import { renderReport } from "./report";

const results = join(__dirname, "RESULTS.md");

export interface Rounds {
  /** How often each way goes from nothing to a site online. */
  fresh: number;
  /** How often each way changes the site that is there then. */
  changes: number;
}

/** Does the jobs in turn; what is running at the end, or when one fails, is removed. */
export async function bench({ fresh, changes }: Rounds, say: Say): Promise<void> {
  await ensureAnsible(say);
  // The image is made once for all, before the clock runs.
  await (await startMachine()).stop();
  const contest = new Contest(say);
  try {
    for (let round = 1; round <= fresh; round++) await contest.startAfresh();
    for (let round = 1; round <= changes; round++) await contest.change(round);
    const rounds = `Rounds: ${fresh} of the first job, ${changes} of the others`;
    const text = renderReport({ setting: `${rounds}. ${await setting()}`, ...(await contest.measured()) });
    const style = await resolveConfig(results);
    writeFileSync(results, await format(text, { ...style, parser: "markdown" }));
    say(`\n${text}`);
  } finally {
    await contest.close();
  }
}

/** The computer and the versions, without names. */
async function setting(): Promise<string> {
  const [engine] = await runningEngines();
  const pulumi = (await output("pulumi", ["version"], pulumiEnvironment())).trim();
  const python = (await output("python3", ["--version"])).trim();
  const computer = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  const tools = `Pulumi ${pulumi}, Node.js ${process.version}, ${ansibleRelease.replace("==", " ")}, ${python}`;
  return `${computer}, ${engine.facts.name}, Debian 13 in the containers, ${tools}`;
}
