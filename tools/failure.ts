import { say } from "./terminal";
import { reasonOf } from "./toolchain/ways";

/** Runs a command's main function; an error ends it with one line and a non-zero exit code, never a stack trace. */
export function runMain(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      say(reasonOf(error));
      process.exitCode = 1;
    },
  );
}
