import { relative, resolve } from "node:path";

/** The folder that holds components/ and .local/. */
export const projectFolder = resolve(__dirname, "../..");

/** A path as seen from the Pulumi project's folder, where the engine runs programs and commands. */
export const fromHere = (path: string): string => relative(process.cwd(), path) || ".";

/** A command line that runs a program of components/machine/, in `projectFolder`. */
export const programLine = (file: string, ...args: string[]): string =>
  ["node --require tsx/cjs", `components/machine/${file}`, ...args].join(" ");
