import { type ChildProcess, spawn } from "node:child_process";
import { basename } from "node:path";
import { createInterface } from "node:readline";

import { type EngineEvent, Progress } from "./progress";
import { say, show } from "./terminal";
import { checkout, pulumiEnvironment } from "./toolchain/environment";

/**
 * Runs a `pulumi` command that works on a stack and tells its progress.
 *
 * @returns the exit code.
 */
export async function runPulumi(args: readonly string[]): Promise<number> {
  const child = spawn("pulumi", [...args, "--json", "--non-interactive"], {
    cwd: checkout,
    env: pulumiEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const progress = new Progress();
  const ticking = setInterval(() => {
    show(progress.running());
  }, 200);
  createInterface(child.stdout).on("line", (line) => {
    for (const text of readEvent(progress, line)) say(text);
  });
  createInterface(child.stderr).on("line", say);
  const code = await endOf(child);
  clearInterval(ticking);
  show("");
  for (const line of progress.failures()) say(line);
  return code;
}

function readEvent(progress: Progress, line: string): string[] {
  try {
    return progress.take(JSON.parse(line) as EngineEvent);
  } catch {
    return [line];
  }
}

/** Waits for a process that gets the signals meant for us: Pulumi ends the step it is at, and we end after it. */
export async function endOf(child: ChildProcess): Promise<number> {
  let last = 0;
  let told = false;
  const pass = (signal: NodeJS.Signals): void => {
    // npm passes on what the terminal has sent already: one signal must not count as two.
    if (Date.now() - last < 500) return;
    last = Date.now();
    if (signal === "SIGINT" && !told) say("Waiting for the step in hand; Ctrl-C once more cuts it off.");
    told = true;
    // A terminal's Ctrl-C reaches each of its processes by itself.
    if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
  };
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, pass);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        if (signal !== null) say(`${basename(child.spawnfile)} was ended by ${signal}.`);
        resolve(code ?? 1);
      });
    });
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}
