import { spawn } from "node:child_process";

/** How a git command ended; `err` says why, also when there was no answer in time. */
export interface Answer {
  code: number;
  out: string;
  err: string;
}

/** Runs git without prompts, hooks or the caller's repository; killed with all its children when time is up. */
export function runGit(args: string[], seconds: number, env: Record<string, string> = {}): Promise<Answer> {
  const options = ["core.hooksPath=/dev/null", "core.autocrlf=false", "gc.auto=0", "maintenance.auto=false"];
  options.push("http.lowSpeedLimit=1000", "http.lowSpeedTime=30");
  const child = spawn(
    "git",
    ["--no-optional-locks", ...options.flatMap((option) => ["-c", option]), ...args],
    {
      env: { ...ownEnvironment(), ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
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

function ownEnvironment(): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^GIT_(DIR|INDEX|WORK|OBJECT|NAMESPACE)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "true",
    GIT_ALLOW_PROTOCOL: "https:ssh:file",
    GIT_SSH_COMMAND: `${process.env["GIT_SSH_COMMAND"] ?? "ssh"} -o BatchMode=yes -o ConnectTimeout=10`,
    GIT_LFS_SKIP_SMUDGE: "1",
    LC_ALL: "C",
  };
}
