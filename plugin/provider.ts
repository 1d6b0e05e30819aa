/**
 * The components as a package for Pulumi programs in any language: one resource, `DjangoServer`, which takes what a
 * stack's settings are.
 */
import * as pulumi from "@pulumi/pulumi";
import { main, type Provider } from "@pulumi/pulumi/provider";

import {
  defineMachine,
  defineNetwork,
  defineSite,
  DjangoServer,
  type MachineSettings,
  type NetworkCredentials,
  type NetworkSettings,
  type SiteSettings,
} from "../components";
import { version } from "./package.json";
import { packageSchema, token } from "./schema";

/** The resource's inputs, as `schema.ts` describes them. */
interface Inputs extends NetworkCredentials {
  machine?: MachineSettings;
  network?: NetworkSettings;
  sites: SiteSettings[];
  packages?: string[];
  refuseUnknownHosts?: boolean;
  repair?: string;
  sshPrivateKey?: string;
  bastionPrivateKey?: string;
}

/** Settings are checked and sources read before anything is made, so they must be known in a preview, too. */
async function known(inputs: pulumi.Inputs): Promise<Inputs> {
  const whole = pulumi.output(inputs) as pulumi.Output<Inputs> & { isKnown: Promise<boolean> };
  if (!(await whole.isKnown))
    throw new pulumi.RunError("the settings of a DjangoServer must be known before anything is made");
  return new Promise((resolve) => whole.apply(resolve));
}

async function create(name: string, inputs: pulumi.Inputs, options: pulumi.ComponentResourceOptions) {
  const { machine, network, sites, ...all } = await known(inputs);
  const { sshPrivateKey, bastionPrivateKey, proxyCredentials, pythonIndexCredentials, ...rest } = all;
  const domains = sites.flatMap((site) => site.domains);
  const [place, routes, ...defined] = await allRight([
    defineMachine(machine ?? { kind: "container" }, { sshPrivateKey, bastionPrivateKey }, domains),
    defineNetwork(network ?? {}, { proxyCredentials, pythonIndexCredentials }),
    ...sites.map(defineSite),
  ]);
  return new DjangoServer(name, { ...rest, machine: place, network: routes, sites: defined }, options);
}

/** What all have come to; the mistakes of one hide no other's. */
async function allRight<T extends readonly unknown[]>(
  checks: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const ended = await Promise.allSettled(checks);
  const reasons = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  if (reasons.length > 0) throw new pulumi.RunError(reasons.map(({ message }) => message).join("\n"));
  return ended.map((one) => (one as PromiseFulfilledResult<unknown>).value) as never;
}

const provider: Provider = {
  version,
  schema: JSON.stringify(packageSchema(version)),

  async construct(name, type, inputs, { parent, dependsOn, providers, aliases, protect }) {
    if (type !== token) throw new Error(`${type} is not in this package`);
    const given = { parent, dependsOn, providers, aliases, protect };
    const options = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const server = await create(name, inputs, options);
    const { address, ssh, operations } = server;
    return {
      urn: server.urn,
      state: {
        ...{ address, ssh, operations },
        urls: server.sites.map(({ url }) => url),
        releases: server.sites.map(({ release }) => release),
      },
    };
  },
};

void main(provider, process.argv.slice(2));
