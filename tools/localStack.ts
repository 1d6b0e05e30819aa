import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

import { checkout, paths, pulumiEnvironment } from "./toolchain/environment";
import { output } from "./toolchain/process";

/** The stack that `npm start` makes. */
export const stack = "local";

const project = /^name:\s*(\S+)/m.exec(readFileSync(join(checkout, "Pulumi.yaml"), "utf8"))?.[1] ?? "";
const state = join(paths.state, ".pulumi");
const stateFile = join(state, "stacks", project, `${stack}.json`);
const locks = join(state, "locks", "organization", project, stack);
const ownProject = join(paths.local, "project");
const salt = /^encryptionsalt:.*\n?/m;
const repair = /^ +\S+:repair:.*\n/m;

/** The settings of Pulumi.local.yaml with the salt of this checkout's passphrase, which must not get into git. */
export const stackConfig = join(ownProject, `Pulumi.${stack}.yaml`);

/** Makes the stack unless it is there, and brings its settings up to date. */
export async function prepareStack(): Promise<void> {
  if (!existsSync(stateFile)) {
    mkdirSync(ownProject, { recursive: true });
    writeFileSync(stackConfig, "");
    writeFileSync(join(ownProject, "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
    await output("pulumi", ["stack", "init", stack, "--no-select", "--cwd", ownProject], pulumiEnvironment());
  }
  const own = existsSync(stackConfig) ? readFileSync(stackConfig, "utf8") : "";
  const tracked = join(checkout, `Pulumi.${stack}.yaml`);
  const settings = existsSync(tracked) ? readFileSync(tracked, "utf8") : "";
  mkdirSync(ownProject, { recursive: true });
  // Without the text of the last repair, the next run would be another one.
  const lines = settings
    .replace(salt, "")
    .replace(/^config:\n/m, (line) => line + (repair.exec(own)?.[0] ?? ""));
  writeFileSync(stackConfig, (salt.exec(own)?.[0] ?? "") + lines);
}

/** A resource as Pulumi's state has it. */
export interface StateResource {
  urn: string;
  type: string;
  parent?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

interface Deployment {
  resources?: StateResource[];
  pending_operations?: unknown[];
}

function deployment(): Deployment {
  if (!existsSync(stateFile)) return {};
  const file = JSON.parse(readFileSync(stateFile, "utf8")) as { checkpoint: { latest?: Deployment } };
  return file.checkpoint.latest ?? {};
}

/** The stack's resources, the stack itself among them; none when there is no stack. */
export function stackResources(): StateResource[] {
  return deployment().resources ?? [];
}

/** Whether a run was cut off in the middle of a step, about which Pulumi would warn from then on. */
export function wasCutOff(): boolean {
  return (deployment().pending_operations ?? []).length > 0;
}

/** The stack's outputs that are plain text; secrets are left out. */
export function stackOutputs(): Record<string, string> {
  const outputs = stackResources().find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
  return Object.fromEntries(
    Object.entries(outputs).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** What a run of Pulumi notes while it works on the stack. */
interface Lock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/**
 * Removes the lock of a run that was killed.
 *
 * @throws who holds the lock, when that run is still at work.
 */
export async function freeStack(say: (line: string) => void): Promise<void> {
  if (!existsSync(locks)) return;
  const held = readdirSync(locks).filter((file) => file.endsWith(".json"));
  for (const file of held) {
    const {
      pid,
      username,
      hostname: host,
      timestamp,
    } = JSON.parse(readFileSync(join(locks, file), "utf8")) as Lock;
    if (host !== hostname() || (await isPulumi(pid))) {
      throw new Error(
        `Another run is at work on the local stack: process ${pid} of ${username} on ${host}, since ${timestamp}. ` +
          "Wait for it, or end it.",
      );
    }
  }
  if (held.length === 0) return;
  say("An earlier run was killed; its lock is removed.");
  await output("pulumi", ["cancel", "--yes", "--stack", stack, "--cwd", checkout], pulumiEnvironment());
}

/** Whether a process is there and is Pulumi: a killed run's number may have gone to another. */
async function isPulumi(pid: number): Promise<boolean> {
  const name = await output("ps", ["-o", "comm=", "-p", String(pid)]).catch(() => "");
  return name.trim().endsWith("pulumi");
}
