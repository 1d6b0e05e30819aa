import * as pulumi from "@pulumi/pulumi";

import { HostNetwork } from "./hostNetwork";
import type { Machine } from "./machine/machine";
import type { NetworkArgs } from "./network";
import { hostPlaced, postgresqlPlaced } from "./placed/host";
import type { Placed } from "./placed/placed";
import { HostScripts, RemoteStep } from "./remote/remoteStep";
import type { GunicornSettings } from "./render/gunicorn";
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
  /** How the machine reaches them. @default by the open internet */
  network?: NetworkArgs | undefined;
  /** The gunicorn of each site that has its database on this machine, by the site's name. @default none */
  databases?: Readonly<Record<string, GunicornSettings>>;
  /** Debian packages that only building a release needs, such as gettext. @default none */
  buildPackages?: readonly string[];
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
  /** How the machine reaches the world, if not by the open internet. */
  readonly network: HostNetwork | undefined;
  /** What the machine fetches it can reach: steps that bring packages of their own can begin. */
  readonly reachable: readonly pulumi.Resource[];
  /** PostgreSQL is there; none where no site has its database on this machine. */
  readonly postgresql: readonly pulumi.Resource[];
  readonly placed: pulumi.Output<Placed[]>;

  constructor(name: string, args: HostSetupArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django-server:index:HostSetup", name, {}, opts);
    const { machine, packages = [], buildPackages = [], databases = {}, certificates = new Set() } = args;
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
    this.reachable = reachable;
    const certbot = certificates.has("acme") ? ["certbot"] : [];
    const all = [...new Set([...systemPackages, ...certbot, ...packages, ...buildPackages])];
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
    const refuseUnknownHosts = args.refuseUnknownHosts !== false;
    const refusing = (page: string, stdin: string, after: pulumi.Resource) =>
      step(`nginx-${page}`, { script: "nginx-default", args: [page], stdin }, after);
    const refused = { byHttp: refuseUnknownHosts, byHttps: refuseUnknownHosts && certificates.size > 0 };
    this.nginx = refused.byHttp ? refusing("default", renderNginxDefault(), nginxDropIn) : nginxDropIn;
    this.https = refused.byHttps
      ? refusing("default-tls", renderNginxDefaultHttps(), this.nginx)
      : this.nginx;
    const gunicorns = Object.entries(databases)
      .map(([site, { instances, workers, threads }]) => `${site} ${instances} ${workers} ${threads}\n`)
      .join("");
    const postgresql =
      gunicorns === "" ? [] : [step("postgresql", { script: "postgresql", stdin: gunicorns }, ...reachable)];
    this.postgresql = postgresql;
    this.placed = pulumi
      .all([this.network?.placed ?? [], pulumi.all(postgresql.map(({ stdout }) => stdout))])
      .apply(([own, sums]) => [...hostPlaced(all, refused), ...own, ...sums.flatMap(postgresqlPlaced)]);
    this.registerOutputs();
  }
}

const systemPackages = [
  ...["ca-certificates", "curl", "logrotate", "nginx", "python3"],
  // restic backs the sites up. One run of apt is done sooner than two.
  ...["restic", "supervisor", "tzdata"],
];
