import { existsSync, readFileSync } from "node:fs";

import { type EngineFacts, type Limits, parseLimits } from "./flags";
import { type ProcessResult, type RunOptions, lastLines, run } from "./process";

/** A running Docker or Podman. */
export class Engine {
  constructor(
    readonly facts: EngineFacts,
    /** The program and the options that go before every subcommand. */
    private readonly command: readonly string[],
  ) {}

  /** Runs one subcommand and returns how it ended. */
  attempt(args: readonly string[], options?: RunOptions): Promise<ProcessResult> {
    return run([...this.command, ...args], options);
  }

  /** Runs one subcommand and returns its output; throws its last lines when it fails. */
  async run(args: readonly string[], options?: RunOptions): Promise<string> {
    const result = await this.attempt(args, options);
    if (result.code !== 0) {
      const reason = lastLines(`${result.stdout}\n${result.stderr}`, 8);
      throw new Error(`${this.facts.name} ${args[0] ?? ""} failed: ${reason}`);
    }
    return result.stdout.trim();
  }

  /** Ends a container at once and removes it with its data; nothing happens when it is gone. */
  async remove(container: string): Promise<void> {
    // To a machine that runs, Podman's `rm --force` gives 10 s to shut down, and fails when it is down just then.
    await this.attempt(["kill", container]);
    await this.attempt(["wait", container]);
    await this.run(["rm", "--force", "--volumes", container]);
  }
}

interface PodmanInfo {
  host: { cgroupVersion: string; ociRuntime: { name: string }; security: { rootless: boolean } };
}

interface DockerInfo {
  ServerVersion?: string;
  CgroupVersion?: string;
  SecurityOptions?: string[];
  ServerErrors?: string[];
}

/** The engines that answer, Docker first; throws how to get one when none does. */
export async function runningEngines(): Promise<[Engine, ...Engine[]]> {
  const answers = await Promise.all([inquire("docker"), inquire("podman")]);
  const [first, ...others] = answers.filter((answer) => answer instanceof Engine);
  if (first) return [first, ...others];
  const reasons = answers.filter((answer) => typeof answer === "string").join("; ");
  throw new Error(
    `No container engine answers (${reasons}). Start Docker, or install Podman: ` +
      (process.platform === "linux"
        ? "sudo apt-get install podman"
        : "https://podman.io, then podman machine start"),
  );
}

/** The engine behind a command, or the reason why there is none. */
async function inquire(program: string): Promise<Engine | string> {
  const result = await run([program, "info", "--format", "{{json .}}"], { seconds: 20 });
  if (result.code === 127) return `${program} is not installed`;
  const info = parseInfo(result.stdout);
  // The `docker` command may be Podman's: the answer's shape tells.
  if (info && "host" in info) {
    if (program === "docker") return "docker is Podman's";
    return podman(info);
  }
  if (info?.ServerVersion) return docker(info);
  return `${program}: ${info?.ServerErrors?.[0] ?? lastLines(result.stderr, 1)}`;
}

function parseInfo(text: string): PodmanInfo | DockerInfo | undefined {
  try {
    return JSON.parse(text) as PodmanInfo | DockerInfo;
  } catch {
    return undefined;
  }
}

function docker(info: DockerInfo): Engine {
  const rootless = info.SecurityOptions?.some((option) => option.includes("rootless")) ?? false;
  return new Engine({ name: "docker", cgroup: info.CgroupVersion === "1" ? 1 : 2, rootless, limits: {} }, [
    "docker",
  ]);
}

function podman({ host }: PodmanInfo): Engine {
  const cgroup = host.cgroupVersion === "v1" ? 1 : 2;
  // crun refuses a host that mounts both versions of control groups; runc takes the first.
  const hybrid = cgroup === 1 && existsSync("/sys/fs/cgroup/unified");
  const command = hybrid && host.ociRuntime.name === "crun" ? ["podman", "--runtime", "runc"] : ["podman"];
  return new Engine(
    { name: "podman", cgroup, rootless: host.security.rootless, limits: ownLimits() },
    command,
  );
}

/** What this process may hand on; none known where there is no /proc. */
function ownLimits(): Limits {
  try {
    const limits = parseLimits(readFileSync("/proc/self/limits", "utf8"));
    // Podman lowers its own limit to what the kernel can number.
    const numbers = Number(readFileSync("/proc/sys/kernel/pid_max", "utf8"));
    return { ...limits, processes: Math.min(limits.processes ?? Infinity, numbers) };
  } catch {
    return {};
  }
}
