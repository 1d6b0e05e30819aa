import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** What a finished process wrote. */
export interface Output {
  stdout: string;
  stderr: string;
  /** Both in the order in which they arrived. */
  both: string;
}

/** Which streams are shown while the process runs: `stdout`, `stderr`, `none`, or by default `stdoutAndStderr`. */
export type Logging = unknown;

/** Collects two streams to their end and passes each line of the logged ones to `line`. */
export async function capture(
  streams: { stdout: Readable; stderr: Readable },
  logging: Logging,
  line: (text: string) => void,
): Promise<Output> {
  const both: Buffer[] = [];
  const collect = async (name: "stdout" | "stderr"): Promise<string> => {
    const stream = streams[name];
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      both.push(chunk);
    });
    const shown = logging === undefined || logging === "stdoutAndStderr" || logging === name;
    const lines = shown ? createInterface({ input: stream }).on("line", line) : undefined;
    await new Promise<void>((resolve, reject) => {
      (lines ?? stream).once("close", resolve);
      stream.once("error", reject);
    });
    return Buffer.concat(chunks).toString();
  };
  const [stdout, stderr] = await Promise.all([collect("stdout"), collect("stderr")]);
  return { stdout, stderr, both: Buffer.concat(both).toString() };
}
