import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { MachineArgs } from "../machine/args";
import type { SiteArgs } from "../site";
import { isKept } from "../siteRelease";
import { type Problem, readSource, type Source } from "../source";
import { Problems } from "../source/problems";
import { checkConfig, type RawConfig } from "./check";
import { machineArgs } from "./machine";
import type { StackSecrets, StackSettings } from "./schema";
import { sourceArgs } from "./source";

/** What the program is to build: everything a person configured, checked, with defaults. */
export interface Settings {
  machine: MachineArgs;
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
  const { machine: place, app, site } = parts;
  const machine = place && (await found.collect(() => machineArgs(place, parts, site?.domains)));
  const source = app && (await found.collect(() => appSource(app, parts, site?.name)));
  problems.push(...found.all);
  if (problems.length > 0 || !machine || !source) throw refusal(report(problems));
  const settings = parts as StackSettings & StackSecrets;
  const { findings, warnings } = isKept(source) ? goingBack(source.kept) : source;
  for (const finding of findings) await pulumi.log.info(`${settings.site.name}: ${finding}`);
  for (const warning of warnings) await pulumi.log.warn(`${settings.site.name}: ${warning}`);
  return compose(settings, machine, source);
}

const goingBack = (id: string): Pick<Source, "findings" | "warnings"> => ({
  findings: [`Going back to release ${id}, as app.release says; the source is not read.`],
  warnings: [],
});

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

/** An emergency must not wait for a git server, nor for a folder that is broken at the moment. */
async function appSource(
  app: StackSettings["app"],
  secrets: Partial<StackSecrets>,
  site = "unnamed",
): Promise<SiteArgs["source"]> {
  if (app.release !== undefined) return { kept: app.release };
  return readSource(sourceArgs(app, secrets), {
    // The project's folder: the engine runs programs there, and older language hosts do not name it otherwise.
    base: process.cwd(),
    archiveFolder: path.resolve(".local", "releases"),
    label: `${pulumi.getStack()}-${site}`,
    say: (text) => void pulumi.log.info(text, undefined, undefined, true),
  });
}

function compose(
  settings: StackSettings & StackSecrets,
  machine: MachineArgs,
  source: SiteArgs["source"],
): Settings {
  const { site, app, environment, secretEnvironment, gunicorn, nginx, health, repair = "" } = settings;
  const { refuseUnknownHosts, ...nginxSite } = nginx;
  const { packages, ...siteFacts } = site;
  return {
    machine,
    refuseUnknownHosts,
    packages,
    repair,
    sites: [
      {
        ...siteFacts,
        source,
        build: app.build,
        persistent: app.persistent,
        environment,
        secretEnvironment: pulumi.secret(secretEnvironment),
        gunicorn,
        nginx: nginxSite,
        health,
      },
    ],
  };
}

/** The engine prints only the message, but first formats the stack, which takes it many seconds with source maps. */
const refusal = (message: string): pulumi.RunError =>
  Object.assign(new pulumi.RunError(message), { stack: message });

function report(problems: readonly Problem[]): string {
  const lines = problems.map(
    ({ key, value, expected, fix }) => `  ${key}: ${value}\n    expected ${expected}\n    ${fix}`,
  );
  const count = problems.length === 1 ? "one mistake" : `${problems.length} mistakes`;
  return `the settings of stack ${pulumi.getStack()} have ${count}; nothing was changed\n${lines.join("\n")}`;
}
