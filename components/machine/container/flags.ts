/** Hard limits of this process; a missing one is unlimited or unknown. */
export interface Limits {
  openFiles?: number;
  processes?: number;
}

/** What decides how a container engine boots systemd. */
export interface EngineFacts {
  name: "docker" | "podman";
  /** The version of the host's control groups. */
  cgroup: 1 | 2;
  rootless: boolean;
  limits: Limits;
}

/** Podman gives a container these limits, unless its own are to be handed on. */
const podmanLimit = 1048576;

/** The options with which an engine boots systemd as process 1, with no more privileges than a firewall needs. */
export function bootFlags(facts: EngineFacts): string[] {
  return [
    ...(facts.name === "podman" ? podmanFlags(facts) : dockerFlags(facts)),
    ...["NET_ADMIN", "NET_RAW", "AUDIT_WRITE"].flatMap((capability) => ["--cap-add", capability]),
  ];
}

function podmanFlags({ rootless, limits }: EngineFacts): string[] {
  const flags = ["--systemd=always", "--restart", "always"];
  // Without root, Podman hands on the caller's limits by itself.
  if (rootless) return flags;
  return [...flags, ...limitFlag("nofile", limits.openFiles), ...limitFlag("nproc", limits.processes)];
}

/** A container can't be given more than its maker may have. */
function limitFlag(name: string, limit = podmanLimit): string[] {
  return limit < podmanLimit ? ["--ulimit", `${name}=${limit}:${limit}`] : [];
}

function dockerFlags({ cgroup }: EngineFacts): string[] {
  const cgroupFlags =
    cgroup === 1
      ? ["--volume", "/sys/fs/cgroup:/sys/fs/cgroup:ro"]
      : ["--cgroupns", "host", "--volume", "/sys/fs/cgroup:/sys/fs/cgroup:rw"];
  return [
    ...["--restart", "unless-stopped"],
    ...["--env", "container=docker"],
    ...["--tmpfs", "/run", "--tmpfs", "/run/lock"],
    ...cgroupFlags,
  ];
}

/** The hard limits in a text like /proc/self/limits. */
export function parseLimits(text: string): Limits {
  const openFiles = hardLimit(text, "Max open files");
  const processes = hardLimit(text, "Max processes");
  return { ...(openFiles !== undefined && { openFiles }), ...(processes !== undefined && { processes }) };
}

function hardLimit(text: string, row: string): number | undefined {
  const line = text.split("\n").find((candidate) => candidate.startsWith(row));
  const hard = line?.slice(row.length).trim().split(/\s+/)[1];
  return hard === undefined || hard === "unlimited" ? undefined : Number(hard);
}
