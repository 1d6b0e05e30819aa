import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

import { type Engine, runningEngines } from "../../../components/machine/container/engine";

/** Why AWS can't be stood in for on this computer, or undefined. */
export async function obstacle(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "it needs Linux and root";
  if (!existsSync("/dev/loop-control")) return "it needs loop devices";
  const [engine] = await runningEngines();
  return engine.facts.rootless ? "it needs a container engine that runs as root" : undefined;
}

/** Linux's capabilities that may be missing, by their numbers. */
export const capabilities = { sysResource: 24n } as const;

/** Whether this process may do what a capability allows. */
export function hasCapability(number: bigint): boolean {
  const [, effective = "0"] = /^CapEff:\s*(\w+)/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return ((BigInt(`0x${effective}`) >> number) & 1n) === 1n;
}

export async function engine(): Promise<Engine> {
  const [first] = await runningEngines();
  return first;
}

/** Runs a program of this computer to its end; returns its output. */
export const program = (name: string, ...args: string[]): string =>
  execFileSync(name, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();

/** The name of an instance's container, by which leftovers are found too. */
export const containerOf = (instance: string): string => `django-server-aws-${instance}`;

/** Runs a line of sh in an instance, as root and with all of root's privileges. */
export async function inside(instance: string, line: string): Promise<string> {
  return (await engine()).run(["exec", "--privileged", containerOf(instance), "sh", "-c", line]);
}

export async function isRunning(instance: string): Promise<boolean> {
  const { stdout } = await (
    await engine()
  ).attempt(["inspect", "--format", "{{.State.Running}}", containerOf(instance)]);
  return stdout.trim() === "true";
}
