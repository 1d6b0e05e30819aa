import type { MachineArgs } from "./machine/args";
import type { Placed } from "./placed/placed";
import { scripts } from "./remote/scripts";
import type { SiteArgs } from "./site/args";

/**
 * All that is needed to work on a deployed stack later, without its settings and its source: the output `operations`,
 * a secret as a whole, since it holds the way in.
 */
export interface Operations {
  machine: {
    /** How `index.ts`'s machine is reached: as a remote step reaches it. */
    connection: Entry & { proxy?: Entry };
    /** "sudo -n " or, where the user is root, nothing. */
    asRoot: string;
    address: string;
    kind: MachineArgs["kind"];
  };
  sites: SiteOperations[];
  placed: Placed[];
}

/** A deployed site, as far as the work on it needs to know it. */
export interface SiteOperations {
  name: string;
  url: string;
  /** What is asked of it, and what it is to answer: `200-399`. */
  health: { host: string; path: string; status: string };
  instances: number;
  /** How many run of each process beside gunicorn. */
  processes: Readonly<Record<string, number>>;
  /** The names of its timers. */
  timers: readonly string[];
  /** The script on the machine that runs a command with the site's environment. */
  exec: string;
  /** The scripts on the machine that make snapshots, list them, and put one back. */
  backup: { backup: string; snapshots: string; restore: string };
}

/** One host on the way; without a key, the SSH agent's are used. */
export interface Entry {
  host: string;
  port: number;
  user: string;
  /** `ssh-ed25519 AAAA…` */
  hostKey: string;
  privateKey?: string;
}

export const siteOperations = (args: SiteArgs, url: string): SiteOperations => ({
  name: args.name,
  url,
  health: { host: args.domains[0] ?? "", path: args.health.path, status: args.health.status },
  instances: args.gunicorn.instances,
  processes: Object.fromEntries(Object.entries(args.processes).map(([name, { count }]) => [name, count])),
  timers: Object.keys(args.timers),
  exec: scripts["site-exec"].path,
  backup: {
    backup: scripts.backup.path,
    snapshots: scripts.snapshots.path,
    restore: scripts.restore.path,
  },
});
