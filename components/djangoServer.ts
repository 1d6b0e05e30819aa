import * as pulumi from "@pulumi/pulumi";

import { HostSetup } from "./hostSetup";
import { createMachine } from "./machine";
import type { MachineArgs } from "./machine/args";
import { Site, type SiteArgs } from "./site";

export interface DjangoServerArgs {
  machine: MachineArgs;
  /** The sites on it; each has its own user, release and domains. */
  sites: readonly SiteArgs[];
  /** Answer requests for hosts of no site by closing the connection. @default true */
  refuseUnknownHosts?: boolean;
  /** Debian packages that the sites need beside nginx, supervisor and Python. @default none */
  packages?: readonly string[];
}

/** Django sites online on one machine: nginx in front of gunicorn, kept alive by supervisor. */
export class DjangoServer extends pulumi.ComponentResource {
  /** What visitors reach the machine by: a name or an IP address. */
  readonly address: pulumi.Output<string>;
  /** A ready command for a person. */
  readonly ssh: pulumi.Output<string>;
  /** In the order of `args.sites`. */
  readonly sites: readonly Site[];

  constructor(name: string, args: DjangoServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django-server:index:DjangoServer", name, {}, opts);
    const machine = createMachine(name, args.machine, { parent: this });
    const host = new HostSetup(name, { ...args, machine }, { parent: this });
    this.sites = args.sites.map((site) => new Site(machine, host, site, { parent: this }));
    this.address = machine.address;
    this.ssh = machine.ssh;
    this.registerOutputs({ address: this.address, ssh: this.ssh });
  }
}
