import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { capture } from "./capture";
import { commandResource, type Run } from "./commandResource";
import type { CheckFailure } from "./resource";

const run: Run = async (command, inputs, previous, operation) => {
  const interpreter = inputs.interpreter as string[] | undefined;
  const [program = "/bin/sh", ...args] = interpreter?.length ? interpreter : ["/bin/sh", "-c"];
  const dir = inputs.dir as string | undefined;
  const none = { stdout: "", stderr: "", both: "" };
  if (dir !== undefined && !existsSync(dir))
    return { ...none, failure: `chdir ${dir}: no such file or directory` };

  const stdin = (inputs.stdin as string | undefined) ?? "";
  const child = spawn(program, [...args, command], {
    cwd: dir,
    env: { ...process.env, ...(inputs.environment as Record<string, string> | undefined), ...previous },
    stdio: [stdin === "" ? "ignore" : "pipe", "pipe", "pipe"],
    signal: operation.signal,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<string | undefined>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      // An interrupted process also ends by its signal, which says more.
      if (error.name !== "AbortError") resolve(notStarted(program, error));
    });
    child.once("close", (code, signal) => {
      resolve(
        signal !== null
          ? `signal: ${signalText(signal)}`
          : code === 0
            ? undefined
            : `exit status ${code ?? -1}`,
      );
    });
  });
  // A process may end without having read its input.
  child.stdin?.on("error", () => undefined).end(stdin);
  if (child.stdout === null || child.stderr === null) throw new Error("the process has no output streams");
  const output = capture({ stdout: child.stdout, stderr: child.stderr }, inputs.logging, (line) => {
    operation.status(line);
  });
  const failure = await ended;
  return { ...(await output), failure };
};

/** command:local:Command: a process on this computer. */
export const localCommand = commandResource(
  ["dir", "interpreter", "assetPaths", "archivePaths"],
  (inputs) => ({
    inputs,
    failures: [...unsupported(inputs, "assetPaths"), ...unsupported(inputs, "archivePaths")],
  }),
  run,
);

function unsupported(inputs: object, property: string): CheckFailure[] {
  const reason =
    "is not in the stand-in for the command plugin; install the real one: pulumi plugin install resource command 1.2.1";
  return property in inputs ? [{ property, reason }] : [];
}

function notStarted(program: string, error: NodeJS.ErrnoException): string {
  if (error.code !== "ENOENT")
    return `fork/exec ${program}: ${error.code === "EACCES" ? "permission denied" : error.message}`;
  return program.includes("/")
    ? `fork/exec ${program}: no such file or directory`
    : `exec: ${JSON.stringify(program)}: executable file not found in $PATH`;
}

const signalTexts: Partial<Record<NodeJS.Signals, string>> = {
  SIGHUP: "hangup",
  SIGINT: "interrupt",
  SIGQUIT: "quit",
  SIGABRT: "aborted",
  SIGKILL: "killed",
  SIGSEGV: "segmentation fault",
  SIGPIPE: "broken pipe",
  SIGALRM: "alarm clock",
  SIGTERM: "terminated",
};

const signalText = (signal: NodeJS.Signals): string =>
  signalTexts[signal] ?? `signal ${constants.signals[signal]}`;
