/**
 * `npm test`: every check of this project. Arguments go to mocha, so `npm test -- test/render -g nginx` runs a part. The
 * last line counts: `N passed, N failed`, with `, N skipped` when there is any.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { type Counts, countsLine } from "./counts";
import { runMain } from "./failure";
import { containers, processes, runMark } from "./leftovers";
import { endOf } from "./pulumi";
import { say } from "./terminal";
import { ensureShellLinters, ensureToolchain } from "./toolchain";
import { ensureContainerEngine } from "./toolchain/containerEngine";
import { checkout, paths, pulumiEnvironment } from "./toolchain/environment";

async function main(): Promise<number> {
  await Promise.all([ensureToolchain(say), ensureContainerEngine(say)]);
  await ensureShellLinters(say);
  const run = randomUUID();
  const before = new Set((await containers()).map(({ name }) => name));
  const { counts, code } = await mocha(process.argv.slice(2), run);
  // On a person's computer other containers of ours may come and go meanwhile; a build machine must be clean.
  const clean = !process.env["CI"] || (await nothingLeft(run, before));
  if (counts.passed + counts.failed === 0) say("No test ran.");
  say(countsLine(counts));
  return code === 0 && clean && counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

async function mocha(args: string[], run: string): Promise<{ counts: Counts; code: number }> {
  const file = join(paths.local, `test-counts-${run}.json`);
  const env = { ...pulumiEnvironment(), TEST_COUNTS_FILE: file, [runMark]: run };
  const program = join(checkout, "node_modules", "mocha", "bin", "mocha.js");
  // mocha would colour a build machine's log.
  const plain = process.stdout.isTTY ? [] : ["--no-color"];
  const code = await endOf(
    spawn(process.execPath, [program, ...plain, ...args], { cwd: checkout, env, stdio: "inherit" }),
  );
  try {
    // Without counts mocha ended before its tests did: one failure at least.
    if (!existsSync(file)) return { counts: { passed: 0, failed: 1, skipped: 0 }, code };
    return { counts: JSON.parse(readFileSync(file, "utf8")) as Counts, code };
  } finally {
    rmSync(file, { force: true });
  }
}

/** Ends what the tests left running, names it, and tells whether there was nothing. */
async function nothingLeft(run: string, before: ReadonlySet<string>): Promise<boolean> {
  const fresh = (await containers()).filter(({ name }) => !before.has(name));
  const left = [...fresh, ...processes(run)];
  for (const { name, end } of left) {
    say(`The tests left running: ${name}`);
    await end();
  }
  return left.length === 0;
}

runMain(main);
