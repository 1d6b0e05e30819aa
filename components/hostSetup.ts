import * as pulumi from "@pulumi/pulumi";

import { HostNetwork } from "./hostNetwork";
import type { Machine } from "./machine/machine";
import type { NetworkArgs } from "./network";
import { hostPlaced } from "./placed/host";
import type { Placed } from "./placed/placed";
import { HostScripts, RemoteStep } from "./remote/remoteStep";
import { renderNginxDefault } from "./render/nginx";
import { renderNginxDropIn, renderSupervisorDropIn } from "./render/systemd";
import { requirement, uv } from "./versions";

export interface HostSetupArgs {
  machine: Machine;
  /** Answer requests for unknown hosts by closing the connection. @default true */
  refuseUnknownHosts?: boolean;
  /** Debian packages that the sites' dependencies need, such as libpq5. @default none */
  packages?: readonly string[];
  /** How the machine reaches them. @default by the open internet */
  network?: NetworkArgs | undefined;
}

/** What every machine gets once, whatever runs on it: Python with uv, nginx and supervisor. */
export class HostSetup extends pulumi.ComponentResource {
  /** The host scripts are there: steps that need no package can begin. */
  readonly scripts: pulumi.Resource;
  /** Debian's packages are there. */
  readonly packages: pulumi.Resource;
  /** Python and uv are there, and what the sites' dependencies need. */
  readonly python: pulumi.Resource;
  /** nginx and its base configuration are there. */
  readonly nginx: pulumi.Resource;
  /** supervisor is there, and survives its own crash. */
  readonly supervisor: pulumi.Resource;
  /** How the machine reaches the world, if not by the open internet. */
  readonly network: HostNetwork | undefined;
  readonly placed: pulumi.Output<Placed[]>;

  constructor(name: string, args: HostSetupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django-server:index:HostSetup", name, {}, opts);
    const { machine, packages = [] } = args;
    const step = (
      suffix: string,
      stepArgs: ConstructorParameters<typeof RemoteStep>[2],
      ...after: pulumi.Resource[]
    ) => new RemoteStep(`${name}-${suffix}`, machine, stepArgs, { parent: this, dependsOn: after });

    this.scripts = new HostScripts(`${name}-scripts`, machine, { parent: this });
    const { scripts } = this;
    this.network =
      args.network && new HostNetwork(name, { ...args.network, machine, scripts }, { parent: this });
    const reachable = this.network?.ready ?? [scripts];
    const all = [...systemPackages, ...packages];
    this.packages = step("packages", { script: "packages", args: all }, ...reachable);
    // Most systems bring Python: uv and the app's dependencies come while apt is busy, unless they need its packages.
    this.python = step(
      "uv",
      { script: "uv", args: [uv.version], stdin: requirement(uv) },
      ...(packages.length > 0 ? [this.packages] : reachable),
    );
    this.supervisor = step(
      "supervisor",
      {
        script: "drop-in",
        args: ["supervisor.service"],
        stdin: renderSupervisorDropIn(machine.metadataAddresses),
      },
      this.packages,
    );
    const nginxDropIn = step(
      "nginx",
      { script: "drop-in", args: ["nginx.service"], stdin: renderNginxDropIn() },
      this.packages,
    );
    this.nginx =
      args.refuseUnknownHosts === false
        ? nginxDropIn
        : step("nginx-default", { script: "nginx-default", stdin: renderNginxDefault() }, nginxDropIn);
    this.placed = pulumi
      .output(this.network?.placed ?? [])
      .apply((own) => [...hostPlaced(all, args.refuseUnknownHosts !== false), ...own]);
    this.registerOutputs();
  }
}

const systemPackages = ["ca-certificates", "curl", "logrotate", "nginx", "python3", "supervisor", "tzdata"];
