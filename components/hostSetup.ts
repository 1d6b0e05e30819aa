import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "./machine/machine";
import { hostPlaced } from "./placed/host";
import type { Placed } from "./placed/placed";
import { HostScripts, RemoteStep } from "./remote/remoteStep";
import { renderNginxDefault, renderNginxDefaultHttps } from "./render/nginx";
import { renderNginxDropIn, renderSupervisorDropIn } from "./render/systemd";
import type { HttpsArgs } from "./site/https";
import { requirement, uv } from "./versions";

export interface HostSetupArgs {
  machine: Machine;
  /** Answer requests for unknown hosts by closing the connection. @default true */
  refuseUnknownHosts?: boolean;
  /** Debian packages that the sites' dependencies need, such as libpq5. @default none */
  packages?: readonly string[];
  /** Where the certificates of the sites that have HTTPS come from. @default no site has */
  certificates?: ReadonlySet<HttpsArgs["tls"]["kind"]>;
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
  /** So is the part of it that is for HTTPS. */
  readonly https: pulumi.Resource;
  /** supervisor is there, and survives its own crash. */
  readonly supervisor: pulumi.Resource;
  readonly placed: readonly Placed[];

  constructor(name: string, args: HostSetupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django-server:index:HostSetup", name, {}, opts);
    const { machine, packages = [], certificates = new Set(), refuseUnknownHosts = true } = args;
    const step = (
      suffix: string,
      stepArgs: ConstructorParameters<typeof RemoteStep>[2],
      ...after: pulumi.Resource[]
    ) => new RemoteStep(`${name}-${suffix}`, machine, stepArgs, { parent: this, dependsOn: after });

    this.scripts = new HostScripts(`${name}-scripts`, machine, { parent: this });
    const all = [...systemPackages, ...(certificates.has("acme") ? ["certbot"] : []), ...packages];
    this.packages = step("packages", { script: "packages", args: all }, this.scripts);
    // Most systems bring Python: uv and the app's dependencies come while apt is busy, unless they need its packages.
    this.python = step(
      "uv",
      { script: "uv", args: [uv.version], stdin: requirement(uv) },
      packages.length > 0 ? this.packages : this.scripts,
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
    const refusing = (page: string, stdin: string, after: pulumi.Resource) =>
      step(`nginx-${page}`, { script: "nginx-default", args: [page], stdin }, after);
    const refused = { byHttp: refuseUnknownHosts, byHttps: refuseUnknownHosts && certificates.size > 0 };
    this.nginx = refused.byHttp ? refusing("default", renderNginxDefault(), nginxDropIn) : nginxDropIn;
    this.https = refused.byHttps
      ? refusing("default-tls", renderNginxDefaultHttps(), this.nginx)
      : this.nginx;
    this.placed = hostPlaced(all, refused);
    this.registerOutputs();
  }
}

const systemPackages = ["ca-certificates", "curl", "logrotate", "nginx", "python3", "supervisor", "tzdata"];
