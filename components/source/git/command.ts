import { spawn } from "node:child_process";

/** How a git command ended; `err` says why, also when there was no answer in time. */
export interface Answer {
  code: number;
  out: string;
  err: string;
}

/** What one command gets besides: options of git's configuration, environment variables. */
export interface Surroundings {
  /** `NAME=VALUE` */
  options?: string[];
  env?: Record<string, string>;
}

const ownOptions = [
  ...["core.hooksPath=/dev/null", "core.autocrlf=false", "gc.auto=0", "maintenance.auto=false"],
  ...["http.lowSpeedLimit=1000", "http.lowSpeedTime=30"],
];

/** Runs git without prompts, hooks or the caller's repository; killed with all its children when time is up. */
export function runGit(
  args: string[],
  seconds: number,
  { options = [], env = {} }: Surroundings = {},
): Promise<Answer> {
  const settings = [...ownOptions, ...options].flatMap((option) => ["-c", option]);
  const child = spawn("git", ["--no-optional-locks", ...settings, ...args], {
    env: { ...ownEnvironment(), ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const timer = setTimeout(() => {
    err = `no answer within ${seconds} s`;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, seconds * 1000);
  return new Promise((resolve) => {
    child.on("error", () => {
      clearTimeout(timer);
      resolve({ code: 127, out, err: "git is not installed" });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, out, err });
    });
  });
}

/** The `ssh` that git is to use, which neither asks nor takes an unknown host key; other options may follow. */
export const sshCommand = (): string =>
  `${process.env["GIT_SSH_COMMAND"] ?? "ssh"} -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=10`;

function ownEnvironment(): NodeJS.ProcessEnv {
  // Traces hold what is sent, and would be taken for the reason of a failure.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^GIT_(DIR|INDEX|WORK|OBJECT|NAMESPACE|TRACE|CURL_VERBOSE)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "true",
    GCM_INTERACTIVE: "never",
    GIT_ALLOW_PROTOCOL: "https:ssh:file",
    GIT_SSH_COMMAND: sshCommand(),
    GIT_LFS_SKIP_SMUDGE: "1",
    LC_ALL: "C",
  };
}
