import type { ContainerSystem } from "../args";
import type { Engine } from "./engine";
import { type Found, label, reservedPorts } from "./existing";
import { bootFlags } from "./flags";
import { ensureImage, systems } from "./image";
import { generateKeyPair } from "../keys";
import { containerName } from "./name";
import { firstFreePort, isPortTaken } from "./ports";
import { lastLines } from "./process";
import { plant } from "./seed";

/** What a container machine should be. */
export interface ContainerSettings {
  system: ContainerSystem;
  /** A fixed loopback port. @default the first free one from 8080 on */
  httpPort?: number;
  /** A fixed loopback port. @default the first free one from 8443 on */
  httpsPort?: number;
  /** A fixed loopback port. @default the first free one from 2200 on */
  sshPort?: number;
}

/** Where a machine's ports are published: on this computer only. */
export const loopback = "127.0.0.1";

/**
 * Creates and starts a machine's container, with everything in place before its first boot.
 *
 * @param folder the machine's folder, noted on the container.
 * @param authorizedKey who may enter: `ssh-ed25519 AAAA…`.
 */
export async function buildContainer(
  engine: Engine,
  machine: string,
  settings: ContainerSettings,
  { folder, authorizedKey }: { folder: string; authorizedKey: string },
): Promise<Found> {
  const image = await ensureImage(engine, settings.system);
  const hostKey = generateKeyPair();
  const labels = {
    [label.machine]: machine,
    [label.folder]: folder,
    [label.authorizedKey]: authorizedKey,
    [label.hostKey]: hostKey.publicKey,
    [label.settings]: JSON.stringify(settings),
  };
  const flags = [
    ...["--name", containerName(machine), "--hostname", machine],
    ...Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]),
    ...bootFlags(engine.facts),
  ];
  const taken = await reservedPorts(engine);
  for (;;) {
    const sshPort = settings.sshPort ?? (await firstFreePort(2200, taken));
    const httpPort = settings.httpPort ?? (await firstFreePort(8080, taken));
    const httpsPort = settings.httpsPort ?? (await firstFreePort(8443, taken));
    const published = [
      [sshPort, 22],
      [httpPort, 80],
      [httpsPort, 443],
    ].flatMap(([outside, inside]) => ["--publish", `${loopback}:${outside}:${inside}`]);
    const id = await engine.run(["create", ...flags, ...published, image]);
    const found: Found = { engine, id, running: true, labels, sshPort, httpPort, httpsPort };
    await plant(engine, id, { user: systems[settings.system].login, authorizedKey, hostKey });
    const start = await engine.attempt(["start", id]);
    if (start.code === 0) return found;
    await found.engine.remove(found.id);
    const chosen = [settings.sshPort, settings.httpPort, settings.httpsPort];
    const tried = [sshPort, httpPort, httpsPort];
    // Someone was faster: the next round takes other ports. A port that was asked for is not ours to change.
    if (!isPortTaken(start.stderr) || !chosen.includes(undefined) || tried.some((port) => taken.has(port))) {
      throw new Error(`${containerName(machine)} could not be started: ${lastLines(start.stderr, 3)}`);
    }
    for (const port of tried) taken.add(port);
  }
}
