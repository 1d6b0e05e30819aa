import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Runs a program to its end and returns its output.
 *
 * @throws the last line it said, or that it is not installed.
 */
export function output(program: string, args: readonly string[], env = process.env): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, { env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (error.code === "ENOENT") reject(new Error(`${program} is not installed`));
      else reject(new Error(lastLine(stderr) ?? lastLine(stdout) ?? `${program} failed`));
    });
    child.stdin?.end();
  });
}

/** Whether a program ran and succeeded. */
export async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return output(program, args).then(
    () => true,
    () => false,
  );
}

/** The files that a program's name stands for along a search path, best first. */
export function findAll(program: string, searchPath: string): string[] {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, program)).filter(isProgram);
}

/** Whether a path names a file that may be executed. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function lastLine(text: string): string | undefined {
  return text.trim().split("\n").pop() || undefined;
}
