import * as pulumi from "@pulumi/pulumi";

import { HostSetup } from "./hostSetup";
import { createMachine } from "./machine";
import type { MachineArgs } from "./machine/args";
import type { NetworkArgs } from "./network";
import type { Operations } from "./operations";
import { Site } from "./site";
import type { SiteArgs } from "./site/args";
import { hasHttps } from "./site/https";

/** A machine and the sites on it. */
export interface DjangoServerArgs {
  /** Where they run. Another kind, or a change that makes another machine, places everything there again. */
  machine: MachineArgs;
  /** The sites on it; each has its own user, release and domains. */
  sites: readonly SiteArgs[];
  /** Answer requests for hosts of no site by closing the connection. @default true */
  refuseUnknownHosts?: boolean;
  /** Debian packages that the sites need beside nginx, supervisor and Python. @default none */
  packages?: readonly string[];
  /** How the machine reaches what it is made of, where that is not the open internet. @default it is */
  network?: NetworkArgs | undefined;
  /** Another text runs every step on the machine again, in place. @default none */
  repair?: string;
}

/** Django sites online on one machine: nginx in front of gunicorn, kept alive by supervisor. */
export class DjangoServer extends pulumi.ComponentResource {
  /** What visitors reach the machine by: a name or an IP address. */
  readonly address: pulumi.Output<string>;
  /** A ready command for a person. */
  readonly ssh: pulumi.Output<string>;
  /** In the order of `args.sites`. */
  readonly sites: readonly Site[];
  /** What the verbs for the day after work from; a secret. */
  readonly operations: pulumi.Output<Operations>;

  /**
   * @param name of the resources that are made; `machine` gives a container machine the shortest name
   * @throws pulumi.InputPropertyError when a machine of kind ssh has not exactly one way to log in
   */
  constructor(name: string, args: DjangoServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django-server:index:DjangoServer", name, {}, repairing(args.repair, opts));
    const machine = createMachine(name, args.machine, { parent: this });
    const databases = Object.fromEntries(
      args.sites
        .filter(({ database }) => database.server === "machine")
        .map((site) => [site.name, site.gunicorn]),
    );
    const buildPackages = args.sites.some((site) => site.compileMessages) ? ["gettext"] : [];
    const certificates = new Set(args.sites.filter(hasHttps).map(({ tls }) => tls.kind));
    const host = new HostSetup(
      name,
      { ...args, machine, databases, buildPackages, certificates },
      { parent: this },
    );
    this.sites = args.sites.map((site) => new Site(machine, host, site, { parent: this }));
    this.address = machine.address;
    this.ssh = machine.ssh;
    const { connection, asRoot, address } = machine;
    this.operations = pulumi.secret({
      machine: { kind: args.machine.kind, connection, asRoot, address },
      sites: this.sites.map((site) => site.operations),
      placed: pulumi.all([host.placed, ...this.sites.map(({ placed }) => placed)]).apply((all) => all.flat()),
    }) as pulumi.Output<Operations>;
    this.registerOutputs({ address: this.address, ssh: this.ssh });
  }
}

/**
 * Lets a text be part of each step's command line, as a comment. A trigger would replace the steps instead, and run the
 * removals of those that have one after they were done anew.
 */
function repairing(repair = "", opts: pulumi.ComponentResourceOptions = {}): pulumi.ComponentResourceOptions {
  if (repair === "") return opts;
  const commented: pulumi.ResourceTransformation = ({ type, props, opts: own }) =>
    type === "command:remote:Command"
      ? { props: { ...props, create: pulumi.interpolate`${props["create"]} # repair ${repair}` }, opts: own }
      : undefined;
  return { ...opts, transformations: [commented, ...(opts.transformations ?? [])] };
}
