import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const hostFolder = join(__dirname, "..", "..", "components", "host");

export interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The text of a file in components/host. */
export const hostText = (file: string): string => readFileSync(join(hostFolder, file), "utf8");

/** Runs a program with this standard input; the process goes on meanwhile, so that it can answer requests. */
export function run(command: readonly string[], input = ""): Promise<Ended> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...process.env, DJANGO_SERVER_STEP: "test" } });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data: Buffer) => (output.stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (output.stderr += data.toString()));
    child.on("error", reject);
    child.on("close", (status) => {
      resolve({ status, ...output });
    });
    // A program may end before it has read anything.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Runs a line of bash with libraries of components/host/lib sourced; `args` are its positional parameters. */
export function runWith(
  libraries: readonly string[],
  line: string,
  args: readonly string[] = [],
  input = "",
): Promise<Ended> {
  const sources = libraries.map((name) => `. ${join(hostFolder, "lib", name)}.sh`);
  return run(["bash", "-c", [...sources, line].join("\n"), "a-step@0a1b2c3d", ...args], input);
}
