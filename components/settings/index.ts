import * as pulumi from "@pulumi/pulumi";

import type { MachineArgs } from "../machine/args";
import type { NetworkArgs } from "../network";
import type { SiteArgs } from "../site/args";
import { Problems } from "../source/problems";
import { checkConfig, type RawConfig } from "./check";
import { networkArgs } from "./defineNetwork";
import { machineArgs } from "./machine";
import { refusal } from "./refusal";
import type { StackSecrets, StackSettings } from "./schema";
import { appSource, siteArgs } from "./site";
import { tlsArgs } from "./tls";

/** What the program is to build: everything a person configured, checked, with defaults. */
export interface Settings {
  machine: MachineArgs;
  network: NetworkArgs | undefined;
  sites: SiteArgs[];
  refuseUnknownHosts: boolean;
  packages: readonly string[];
  repair: string;
}

/**
 * Reads the stack's configuration and the Django project it names. Nothing is changed anywhere.
 * @throws pulumi.RunError naming every mistake at once: key, value, what was expected, how to fix it
 */
export async function readSettings(): Promise<Settings> {
  const project = pulumi.getProject();
  const { parts, problems } = checkConfig(rawConfig(project), (key) =>
    encryptedKeys().includes(`${project}:${key}`),
  );
  // A wrong domain must not hide a missing folder: each part that is right by itself is looked at.
  const found = new Problems();
  const { machine: place, network: routes, app, site, tls: served } = parts;
  const names = [...(site?.domains ?? []), ...(site?.redirects ?? [])];
  const machine = place && (await found.collect(() => machineArgs(place, parts, names)));
  const network = routes && (await found.collect(() => networkArgs(routes, parts)));
  const source = app && (await found.collect(() => appSource(app, parts, site?.name)));
  const tls = served && (await found.collect(() => tlsArgs(served, parts, names, pulumi.getStack())));
  problems.push(...found.all);
  const subject = `the settings of stack ${pulumi.getStack()}`;
  if (problems.length > 0 || !machine || !source || !tls) throw refusal(subject, problems);
  const settings = parts as StackSettings & StackSecrets;
  return {
    ...{ machine, network },
    refuseUnknownHosts: settings.nginx.refuseUnknownHosts,
    packages: settings.site.packages,
    repair: settings.repair ?? "",
    sites: [await siteArgs(settings, settings, source, tls)],
  };
}

/** The engine hands configuration over as texts; structured values are JSON. */
function rawConfig(project: string): RawConfig {
  const prefix = `${project}:`;
  const entries = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), parsed(value)]));
}

function parsed(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/** The keys whose values the stack keeps encrypted, in whole or in part, as the language host names them. */
function encryptedKeys(): string[] {
  return JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
}
