import { type ChildProcess, spawn } from "node:child_process";
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
  const pass = (signal: NodeJS.Signals): void => {
    // Ctrl-C reaches every process of a terminal by itself, and a second one would cut Pulumi's step short.
    if (signal === "SIGINT" && process.stdin.isTTY) return;
    if (Date.now() - last > 1000) child.kill(signal);
    last = Date.now();
  };
  const signals: NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, pass);
  try {
    return await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        resolve(code ?? 1);
      });
    });
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}
