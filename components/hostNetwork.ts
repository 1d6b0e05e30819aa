import { X509Certificate } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "./machine/machine";
import type { NetworkArgs, WheelsArchive } from "./network";
import { networkPlaced } from "./placed/network";
import type { Placed } from "./placed/placed";
import { RemoteStep, type RemoteStepArgs, Upload, type UploadArgs } from "./remote/remoteStep";
import { renderEnvironment } from "./render/environment";
import { renderFacts, renderFiles } from "./render/facts";
import {
  appVariables,
  changedVariables,
  renderApt,
  renderAptAuth,
  renderNetworkEnvironment,
  type Routes,
  stepVariables,
  withCredentials,
} from "./render/network";

export interface HostNetworkArgs extends NetworkArgs {
  machine: Machine;
  /** The host scripts are there. */
  scripts: pulumi.Resource;
}

const aptList = "/etc/django-server/network.list";
const wheelsFolder = "/opt/django-server/wheels";

/** By what a machine reaches the world, where that is not simply the internet: placed before anything is fetched. */
export class HostNetwork extends pulumi.ComponentResource {
  /** What fetches something waits for these. */
  readonly ready: readonly pulumi.Resource[];
  /** What the sites' apps go by. */
  readonly environment: Record<string, string>;
  /** Those of the same variables that hold credentials; a secret. */
  readonly secretEnvironment: pulumi.Output<Record<string, string>>;
  readonly placed: pulumi.Output<Placed[]>;

  constructor(name: string, args: HostNetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super("django-server:index:HostNetwork", name, {}, opts);
    const { machine, scripts, wheels, proxyCredentials, pythonIndexCredentials } = args;
    const step = (suffix: string, stepArgs: RemoteStepArgs, ...after: pulumi.Resource[]) =>
      new RemoteStep(`${name}-${suffix}`, machine, stepArgs, { parent: this, dependsOn: after });
    const open = routes(args);
    const credentials = pulumi.secret(pulumi.all([proxyCredentials, pythonIndexCredentials]));

    // Settings that another stack has for the same server outlive those of this one.
    const stack = `${pulumi.getProject()}-${pulumi.getStack()}`;
    const onDelete = { script: "network-remove", args: [machine.machineId, stack] } as const;
    const stdin = networkFiles(args, open);
    const plain = step("network", { script: "network", args: [stack], stdin, onDelete }, scripts);
    const secrets = step(
      "network-secrets",
      { script: "network-secrets", stdin: credentials.apply((given) => secretFiles(open, ...given)) },
      scripts,
    );
    this.ready = [plain, secrets];
    if (wheels) {
      const upload = new Upload(`${name}-wheels-upload`, machine, wheelsUpload(wheels), {
        parent: this,
        dependsOn: scripts,
      });
      this.ready = [...this.ready, step("wheels", wheelsStep(wheels), plain, upload)];
    }

    this.environment = appVariables(open);
    this.secretEnvironment = credentials.apply((given) =>
      changedVariables(appVariables(routesWith(open, ...given)), this.environment),
    );
    this.placed = pulumi
      .all([plain.stdout, secrets.stdout])
      .apply(([sums, secretSums]) => networkPlaced(sums, secretSums, wheels));
    this.registerOutputs();
  }
}

const routes = ({ caCertificates = [], proxy, noProxy = [], pythonIndex, wheels }: NetworkArgs): Routes => ({
  ...{ ownAuthorities: caCertificates.length > 0, noProxy },
  ...(proxy !== undefined && { proxy }),
  ...(pythonIndex !== undefined && { pythonIndex }),
  ...(wheels && { wheels: wheelsFolder }),
});

const routesWith = (open: Routes, toProxy?: string, toIndex?: string): Routes => ({
  ...open,
  ...(open.proxy !== undefined && toProxy !== undefined && { proxy: withCredentials(open.proxy, toProxy) }),
  ...(open.pythonIndex !== undefined &&
    toIndex !== undefined && { pythonIndex: withCredentials(open.pythonIndex, toIndex) }),
});

/** What the step `network` places; a certificate is named by its fingerprint. */
function networkFiles(
  { caCertificates = [], aptMirror, aptSecurityMirror }: NetworkArgs,
  open: Routes,
): string {
  const apt = renderApt(open, aptMirror === undefined ? undefined : aptList);
  const mirrors = {
    ...(aptMirror !== undefined && { archive: aptMirror }),
    ...(aptSecurityMirror !== undefined && { security: aptSecurityMirror }),
  };
  return renderFiles({
    "network.env": renderNetworkEnvironment(open),
    ...(apt !== "" && { "apt.conf": apt }),
    ...(aptMirror !== undefined && { mirrors: renderFacts(mirrors) }),
    ...Object.fromEntries(
      caCertificates.map((pem) => {
        const { fingerprint256 } = new X509Certificate(pem);
        return [`${fingerprint256.replaceAll(":", "").slice(0, 16).toLowerCase()}.crt`, pem];
      }),
    ),
  });
}

/** What the step `network-secrets` places: nothing, where no credentials are given. */
function secretFiles(open: Routes, toProxy?: string, toIndex?: string): string {
  const variables = changedVariables(stepVariables(routesWith(open, toProxy, toIndex)), stepVariables(open));
  return renderFiles({
    ...(Object.keys(variables).length > 0 && { "network.secrets": renderEnvironment(variables) }),
    ...(open.proxy !== undefined &&
      toProxy !== undefined && { "apt-auth": renderAptAuth(open.proxy, toProxy) }),
  });
}

/** In the home of the user who logs in, until they are unpacked. */
const wheelsPath = ({ id }: WheelsArchive): string => `.django-server-wheels-${id}.tar.gz`;

const wheelsUpload = (wheels: WheelsArchive): UploadArgs => ({
  source: new pulumi.asset.FileAsset(wheels.archive),
  remotePath: wheelsPath(wheels),
});

const wheelsStep = (wheels: WheelsArchive): RemoteStepArgs => ({
  script: "wheels",
  args: [wheels.id],
  stdin: renderFacts({ archive: wheelsPath(wheels), sha256: wheels.sha256 }),
});
