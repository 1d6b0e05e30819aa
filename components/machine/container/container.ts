import { type ContainerSettings, buildContainer, loopback } from "./build";
import { runningEngines } from "./engine";
import { type Found, find, label } from "./existing";
import { type Entrance, MachineFolder } from "./folder";
import { systems } from "./image";
import type { KeyPair } from "../keys";
import { containerName } from "./name";
import { waitUntilReady } from "./ready";
import { takeRoot } from "./seed";

export type { ContainerSettings };

/** What a container machine became; `privateKey` is a secret. */
export interface ContainerFacts extends Entrance {
  /** The container's full id: another one is another machine. */
  id: string;
  httpPort: number;
  httpsPort: number;
  privateKey: string;
}

/**
 * Creates and boots a machine, or repairs what an interrupted run left; the same settings again change nothing.
 *
 * @throws when no engine answers, when another checkout has a machine of this name, or when it does not boot.
 */
export async function createContainer(machine: string, settings: ContainerSettings): Promise<ContainerFacts> {
  const folder = new MachineFolder(machine);
  const engines = await runningEngines();
  const existing = await find(engines, machine);
  if (existing) refuseForeign(machine, existing, folder);
  const key = folder.ensureKeyPair();
  if (existing && isWhole(existing, settings, folder)) return open(machine, existing, key);
  if (existing) await existing.engine.remove(existing.id);
  const names = { folder: folder.path, authorizedKey: key.publicKey };
  return open(machine, await buildContainer(engines[0], machine, settings, names), key);
}

/**
 * Starts a machine that was created before and waits until it answers.
 *
 * @throws when there is none, or no key that opens it.
 */
export async function startContainer(machine: string): Promise<ContainerFacts> {
  const folder = new MachineFolder(machine);
  const found = await find(await runningEngines(), machine);
  if (!found) throw new Error(`There is no container ${containerName(machine)} to start`);
  refuseForeign(machine, found, folder);
  const key = folder.keyPair();
  if (!key)
    throw new Error(`The key of ${machine} is gone from ${folder.path}: destroy the stack and start again`);
  return open(machine, found, key);
}

/** Whether a machine's container runs, is stopped, or is not there. */
export async function containerStatus(machine: string): Promise<"running" | "stopped" | "absent"> {
  const found = await find(await runningEngines(), machine);
  if (!found) return "absent";
  return found.running ? "running" : "stopped";
}

/** Removes a machine with its data and its folder; nothing happens when it is gone already. */
export async function deleteContainer(machine: string): Promise<void> {
  const folder = new MachineFolder(machine);
  const found = await find(await runningEngines(), machine);
  if (found) {
    refuseForeign(machine, found, folder);
    await found.engine.remove(found.id);
  }
  folder.remove();
}

/** A container of the same name that our key does not open belongs to another checkout. */
function refuseForeign(machine: string, { engine, labels }: Found, folder: MachineFolder): void {
  const key = folder.keyPair();
  if (key ? labels[label.authorizedKey] === key.publicKey : labels[label.folder] === folder.path) return;
  const name = containerName(machine);
  throw new Error(
    `The container ${name} was made elsewhere (${labels[label.folder] ?? "unknown"}): destroy it there, ` +
      `choose another name, or remove it: ${engine.facts.name} rm --force --volumes ${name}`,
  );
}

/** False for what never became ready because its run was interrupted, and for what was made from other settings. */
function isWhole({ labels }: Found, settings: ContainerSettings, folder: MachineFolder): boolean {
  return folder.hostKey() === labels[label.hostKey] && labels[label.settings] === JSON.stringify(settings);
}

/** Starts a container if need be, waits until it answers, and writes down how to enter it. */
async function open(machine: string, found: Found, { privateKey }: KeyPair): Promise<ContainerFacts> {
  const { engine, id, labels, sshPort, httpPort, httpsPort } = found;
  const { system } = JSON.parse(labels[label.settings] ?? "{}") as ContainerSettings;
  const entrance: Entrance = {
    host: loopback,
    port: sshPort,
    user: systems[system].login,
    hostKey: labels[label.hostKey] ?? "",
  };
  if (!found.running) await engine.run(["start", id]);
  const steps = await Promise.allSettled([
    waitUntilReady(engine, containerName(machine), entrance, privateKey),
    takeRoot(engine, id, entrance.user),
  ]);
  // A machine that did not boot says why; what else failed because of that does not matter.
  for (const step of steps) if (step.status === "rejected") throw step.reason;
  new MachineFolder(machine).writeSshConfig(entrance);
  return { ...entrance, id, httpPort, httpsPort, privateKey };
}
