import { spawn } from "node:child_process";

export interface ProcessResult {
  /** The exit code; 127 when the program is not installed, 124 when it was stopped for taking too long. */
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  /** What the program reads on stdin. @default nothing */
  input?: string | Buffer;
  /** How long it may take before it is killed. @default 60 */
  seconds?: number;
}

/** Runs a program to its end without a shell. */
export function run(
  [program = "", ...args]: readonly string[],
  { input = "", seconds = 60 }: RunOptions = {},
): Promise<ProcessResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: "pipe" });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let expired = false;
    const timer = setTimeout(() => {
      expired = true;
      child.kill("SIGKILL");
    }, seconds * 1000);
    const finish = (code: number, reason = ""): void => {
      clearTimeout(timer);
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString() + reason,
      });
    };
    child.stdout.on("data", (data: Buffer) => stdout.push(data));
    child.stderr.on("data", (data: Buffer) => stderr.push(data));
    child.on("error", (error) => {
      finish(127, error.message);
    });
    child.on("close", (code) => {
      if (expired) finish(124, `${program} took longer than ${seconds} s`);
      else finish(code ?? 1);
    });
    // A program may end without reading its input; its exit code says what matters.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** The last lines of an output, without the container engines' warnings. */
export function lastLines(output: string, count: number): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !line.includes("level=warning"));
  return lines.slice(-count).join("\n");
}

/** Tells the person at the terminal what takes a while; stdout is kept for results. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
