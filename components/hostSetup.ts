import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "./machine/machine";
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
}

/** What every machine gets once, whatever runs on it: Python with uv, nginx and supervisor. */
export class HostSetup extends pulumi.ComponentResource {
  /** The host scripts are there: steps that need no package can begin. */
  readonly scripts: pulumi.Resource;
  /** Python and uv are there. */
  readonly python: pulumi.Resource;
  /** nginx and its base configuration are there. */
  readonly nginx: pulumi.Resource;
  /** supervisor is there, and survives its own crash. */
  readonly supervisor: pulumi.Resource;
  readonly placed: readonly Placed[];

  constructor(name: string, args: HostSetupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django-server:index:HostSetup", name, {}, opts);
    const { machine, packages = [] } = args;
    const step = (
      suffix: string,
      stepArgs: ConstructorParameters<typeof RemoteStep>[2],
      ...after: pulumi.Resource[]
    ) => new RemoteStep(`${name}-${suffix}`, machine, stepArgs, { parent: this, dependsOn: after });

    this.scripts = new HostScripts(`${name}-scripts`, machine, { parent: this });
    // Two runs of apt, the small one first: uv and the app's dependencies come while nginx is still unpacked.
    const base = step(
      "packages-python",
      { script: "packages", args: [...pythonPackages, ...packages] },
      this.scripts,
    );
    const servers = step("packages-servers", { script: "packages", args: serverPackages }, base);
    this.python = step("uv", { script: "uv", args: [uv.version], stdin: requirement(uv) }, base);
    this.supervisor = step(
      "supervisor",
      { script: "drop-in", args: ["supervisor.service"], stdin: renderSupervisorDropIn() },
      servers,
    );
    const nginxDropIn = step(
      "nginx",
      { script: "drop-in", args: ["nginx.service"], stdin: renderNginxDropIn() },
      servers,
    );
    this.nginx =
      args.refuseUnknownHosts === false
        ? nginxDropIn
        : step("nginx-default", { script: "nginx-default", stdin: renderNginxDefault() }, nginxDropIn);
    const all = [...pythonPackages, ...serverPackages, ...packages];
    this.placed = hostPlaced(all, args.refuseUnknownHosts !== false);
    this.registerOutputs();
  }
}

/** pip comes as a wheel: it fetches uv, and uv does the rest. Debian 11 has it under another name. */
const pythonPackages = ["ca-certificates", "tzdata", "python3", "python3-pip-whl|python-pip-whl"];
const serverPackages = ["curl", "logrotate", "nginx", "supervisor"];
