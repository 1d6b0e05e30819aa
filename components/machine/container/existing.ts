import type { Engine } from "./engine";
import { containerName } from "./name";

/** The labels by which a container tells what it is. */
export const label = {
  machine: "django-server.machine",
  /** The folder that holds its key; tells whose it is. */
  folder: "django-server.folder",
  authorizedKey: "django-server.authorized-key",
  hostKey: "django-server.host-key",
  /** What it was made from, as JSON. */
  settings: "django-server.settings",
} as const;

/** A container that an engine has. */
export interface Found {
  engine: Engine;
  id: string;
  running: boolean;
  labels: Record<string, string>;
  sshPort: number;
  httpPort: number;
  /** 0 where it was made before there was one. */
  httpsPort: number;
}

/** A machine's container, in whichever engine it is, or undefined. */
export async function find(engines: readonly Engine[], machine: string): Promise<Found | undefined> {
  for (const engine of engines) {
    const [found] = await inspect(engine, [containerName(machine)]);
    if (found) return found;
  }
  return undefined;
}

/** The ports of all our machines, also of those that are stopped now. */
export async function reservedPorts(engine: Engine): Promise<Set<number>> {
  const ids = await engine.run(["ps", "--all", "--quiet", "--filter", `label=${label.machine}`]);
  const machines = ids === "" ? [] : await inspect(engine, ids.split("\n"));
  return new Set(machines.flatMap(({ sshPort, httpPort, httpsPort }) => [sshPort, httpPort, httpsPort]));
}

interface Inspection {
  Id: string;
  State: { Status: string };
  Config: { Labels: Record<string, string> | null };
  HostConfig: { PortBindings: Record<string, { HostPort: string }[] | null> | null };
}

async function inspect(engine: Engine, containers: readonly string[]): Promise<Found[]> {
  // Containers that do not exist are an error, but the others are told all the same.
  const { stdout } = await engine.attempt(["container", "inspect", ...containers]);
  return (JSON.parse(stdout || "[]") as Inspection[]).map(({ Id, State, Config, HostConfig }) => {
    const port = (inside: string): number => Number(HostConfig.PortBindings?.[inside]?.[0]?.HostPort ?? 0);
    const ports = { sshPort: port("22/tcp"), httpPort: port("80/tcp"), httpsPort: port("443/tcp") };
    return { engine, id: Id, running: State.Status === "running", labels: Config.Labels ?? {}, ...ports };
  });
}
