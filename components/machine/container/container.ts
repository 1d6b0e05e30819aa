import type { ContainerSystem } from "../args";
import { type Engine, runningEngines } from "./engine";
import { bootFlags } from "./flags";
import { type Entrance, MachineFolder } from "./folder";
import { ensureImage, systems } from "./image";
import { generateKeyPair } from "./keys";
import { containerName } from "./name";
import { firstFreePort, isPortTaken } from "./ports";
import { waitUntilReady } from "./ready";
import { plant } from "./seed";

/** What a container machine should be. */
export interface ContainerSettings {
  system: ContainerSystem;
  /** A fixed loopback port. @default the first free one from 8080 on */
  httpPort?: number;
  /** A fixed loopback port. @default the first free one from 2200 on */
  sshPort?: number;
}

/** What a container machine became; `privateKey` is a secret. */
export interface ContainerFacts extends Entrance {
  /** The container's full id: another one is another machine. */
  id: string;
  httpPort: number;
  privateKey: string;
}

/** What the container's labels and its ports tell. */
interface Found {
  engine: Engine;
  id: string;
  /** "created" until its first start. */
  status: string;
  labels: Record<string, string>;
  sshPort: number;
  httpPort: number;
}

const loopback = "127.0.0.1";
const label = { machine: "django-server.machine", folder: "django-server.folder" } as const;
const keyLabel = { opener: "django-server.authorized-key", host: "django-server.host-key" } as const;
const settingsLabel = "django-server.settings";

/**
 * Creates and boots a machine, or repairs what an interrupted run left; the same settings again change nothing.
 *
 * @throws when no engine answers, when another checkout has a machine of this name, or when it does not boot.
 */
export async function createContainer(machine: string, settings: ContainerSettings): Promise<ContainerFacts> {
  const folder = new MachineFolder(machine);
  const existing = await find(machine);
  if (existing) refuseForeign(machine, existing, folder);
  const key = folder.ensureKeyPair();
  let found = existing;
  if (existing && !isWhole(existing, settings)) {
    await remove(existing);
    found = undefined;
  }
  found ??= await build(machine, settings, folder.path, key.publicKey);
  return open(machine, found);
}

/** Starts a machine that was created before and waits until it answers. */
export async function startContainer(machine: string): Promise<ContainerFacts> {
  const found = await find(machine);
  if (!found) throw new Error(`There is no container ${containerName(machine)} to start`);
  refuseForeign(machine, found, new MachineFolder(machine));
  return open(machine, found);
}

/** Whether a machine's container runs, is stopped, or is not there. */
export async function containerStatus(machine: string): Promise<"running" | "stopped" | "absent"> {
  const found = await find(machine);
  if (!found) return "absent";
  return found.status === "running" ? "running" : "stopped";
}

/** Removes a machine with its data and its folder; nothing happens when it is gone already. */
export async function deleteContainer(machine: string): Promise<void> {
  const folder = new MachineFolder(machine);
  const found = await find(machine);
  if (found) {
    refuseForeign(machine, found, folder);
    await remove(found);
  }
  folder.remove();
}

async function find(machine: string): Promise<Found | undefined> {
  for (const engine of await runningEngines()) {
    const [found] = await inspect(engine, [containerName(machine)]);
    if (found) return found;
  }
  return undefined;
}

interface Inspection {
  Id: string;
  State: { Status: string };
  Config: { Labels: Record<string, string> | null };
  HostConfig: { PortBindings: Record<string, { HostPort: string }[] | null> | null };
}

async function inspect(engine: Engine, containers: readonly string[]): Promise<Found[]> {
  const { code, stdout } = await engine.attempt(["container", "inspect", ...containers]);
  if (code !== 0) return [];
  return (JSON.parse(stdout) as Inspection[]).map(({ Id, State, Config, HostConfig }) => {
    const port = (inside: string): number => Number(HostConfig.PortBindings?.[inside]?.[0]?.HostPort ?? 0);
    const ports = { sshPort: port("22/tcp"), httpPort: port("80/tcp") };
    return { engine, id: Id, status: State.Status, labels: Config.Labels ?? {}, ...ports };
  });
}

/** A container of the same name that our key does not open belongs to someone else. */
function refuseForeign(machine: string, { engine, labels }: Found, folder: MachineFolder): void {
  const key = folder.keyPair();
  if (key && labels[keyLabel.opener] === key.publicKey) return;
  const name = containerName(machine);
  throw new Error(
    `The container ${name} was made elsewhere (${labels[label.folder] ?? "unknown"}): destroy it there, ` +
      `choose another name, or remove it: ${engine.facts.name} rm --force --volumes ${name}`,
  );
}

/** False for what an interrupted run left: never started, or made from other settings. */
function isWhole({ status, labels }: Found, settings: ContainerSettings): boolean {
  return status !== "created" && labels[settingsLabel] === JSON.stringify(settings);
}

async function remove({ engine, id }: Found): Promise<void> {
  await engine.run(["rm", "--force", "--volumes", id]);
}

/** Creates and starts a container; again with other ports when someone took one in between. */
async function build(
  machine: string,
  settings: ContainerSettings,
  folder: string,
  authorizedKey: string,
): Promise<Found> {
  const [engine] = await runningEngines();
  const image = await ensureImage(engine, settings.system);
  const name = containerName(machine);
  const hostKey = generateKeyPair();
  const labels = {
    [label.machine]: machine,
    [label.folder]: folder,
    [keyLabel.opener]: authorizedKey,
    [keyLabel.host]: hostKey.publicKey,
    [settingsLabel]: JSON.stringify(settings),
  };
  const taken = await reservedPorts(engine);
  for (;;) {
    const sshPort = settings.sshPort ?? (await firstFreePort(2200, taken));
    const httpPort = settings.httpPort ?? (await firstFreePort(8080, taken));
    const ports = ["--publish", `${loopback}:${sshPort}:22`, "--publish", `${loopback}:${httpPort}:80`];
    const labelFlags = Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
    const flags = [
      "--name",
      name,
      "--hostname",
      machine,
      ...labelFlags,
      ...ports,
      ...bootFlags(engine.facts),
    ];
    const id = await engine.run(["create", ...flags, image]);
    const found = { engine, id, status: "created", labels, sshPort, httpPort };
    await plant(engine, id, { user: systems[settings.system].login, authorizedKey, hostKey });
    const start = await engine.attempt(["start", id]);
    if (start.code === 0) return { ...found, status: "running" };
    await remove(found);
    const fixed = settings.sshPort !== undefined && settings.httpPort !== undefined;
    if (fixed || !isPortTaken(start.stderr))
      throw new Error(`${name} could not be started: ${start.stderr.trim()}`);
    taken.add(sshPort).add(httpPort);
  }
}

/** The ports of all our machines, also of those that are stopped now. */
async function reservedPorts(engine: Engine): Promise<Set<number>> {
  const ids = await engine.run(["ps", "--all", "--quiet", "--filter", `label=${label.machine}`]);
  const machines = await inspect(engine, ids.split("\n").filter(Boolean));
  return new Set(machines.flatMap(({ sshPort, httpPort }) => [sshPort, httpPort]));
}

/** Starts a container if need be, waits until it answers, and writes down how to enter it. */
async function open(machine: string, found: Found): Promise<ContainerFacts> {
  const { engine, id, status, labels, sshPort, httpPort } = found;
  const folder = new MachineFolder(machine);
  const { privateKey } = folder.ensureKeyPair();
  const { system } = JSON.parse(labels[settingsLabel] ?? "{}") as ContainerSettings;
  const user = systems[system].login;
  if (status !== "running") await engine.run(["start", id]);
  const entrance = { host: loopback, port: sshPort, user, hostKey: labels[keyLabel.host] ?? "" };
  await waitUntilReady(engine, containerName(machine), entrance, privateKey);
  await engine.run(["exec", id, "update-ca-certificates"]);
  folder.writeSshConfig(entrance);
  return { ...entrance, id, httpPort, privateKey };
}
