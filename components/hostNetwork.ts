import { X509Certificate } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "./machine/machine";
import type { NetworkArgs } from "./network";
import { networkPlaced, networkSecretsPlaced, wheelsPlaced } from "./placed/network";
import type { Placed } from "./placed/placed";
import { RemoteStep, type RemoteStepArgs, Upload } from "./remote/remoteStep";
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
    const { machine, wheels } = args;
    // What is waited for is handed to each step: the component itself is ready when its steps are.
    const { dependsOn: after = [] } = opts;
    const step = (suffix: string, stepArgs: RemoteStepArgs, also: pulumi.Resource[] = []) =>
      new RemoteStep(`${name}-${suffix}`, machine, stepArgs, {
        parent: this,
        dependsOn: also.length > 0 ? also : after,
      });
    const open = routes(args);
    const known = pulumi.all([args.proxyCredentials, args.pythonIndexCredentials]);
    const closed = pulumi.secret(known.apply((credentials) => routesWith(open, ...credentials)));

    const stack = `${pulumi.getProject()}-${pulumi.getStack()}`;
    const plain = step("network", {
      ...{ script: "network", args: [stack], stdin: networkFiles(args, open) },
      onDelete: { script: "network-remove", args: [machine.machineId, stack] },
    });
    const secrets = step("network-secrets", {
      script: "network-secrets",
      stdin: pulumi
        .all([closed, args.proxyCredentials])
        .apply(([inner, credentials]) => secretFiles(open, inner, credentials)),
    });
    this.ready = [plain, secrets];
    if (wheels) {
      const remotePath = `.django-server-wheels-${wheels.id}.tar.gz`;
      const source = new pulumi.asset.FileAsset(wheels.archive);
      const upload = new Upload(
        `${name}-wheels-upload`,
        machine,
        { source, remotePath },
        { parent: this, dependsOn: after },
      );
      const stdin = renderFacts({ archive: remotePath, sha256: wheels.sha256 });
      this.ready = [
        ...this.ready,
        step("wheels", { script: "wheels", args: [wheels.id], stdin }, [plain, upload]),
      ];
    }

    this.environment = appVariables(open);
    this.secretEnvironment = closed.apply((inner) =>
      changedVariables(appVariables(inner), appVariables(open)),
    );
    this.placed = pulumi
      .all([plain.stdout, secrets.stdout])
      .apply(([sums, secretSums]) => [
        ...networkPlaced(sums),
        ...networkSecretsPlaced(secretSums),
        ...(wheels ? wheelsPlaced(wheels.id) : []),
      ]);
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
function secretFiles(open: Routes, closed: Routes, toProxy?: string): string {
  const variables = changedVariables(stepVariables(closed), stepVariables(open));
  return renderFiles({
    ...(Object.keys(variables).length > 0 && { "network.secrets": renderEnvironment(variables) }),
    ...(open.proxy !== undefined &&
      toProxy !== undefined && { "apt-auth": renderAptAuth(open.proxy, toProxy) }),
  });
}
