import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { utils } from "ssh2";

import type { MachineArgs } from "../machine/args";
import type { SiteArgs } from "../site";
import { type Problem, readSource, type Source, SourceError } from "../source";
import { type CheckedConfig, checkConfig, type RawConfig } from "./check";
import { appSchema } from "./schema";

/** What the program is to build: everything a person configured, checked, with defaults. */
export interface Settings {
  machine: MachineArgs;
  sites: SiteArgs[];
  refuseUnknownHosts: boolean;
  packages: readonly string[];
}

/**
 * Reads the stack's configuration and the Django project it names. Nothing is changed anywhere.
 * @throws pulumi.RunError naming every mistake at once: key, value, what was expected, how to fix it
 */
export async function readSettings(): Promise<Settings> {
  const raw = rawConfig(pulumi.getProject());
  const checked = checkConfig(raw);
  const problems = Array.isArray(checked) ? checked : [];
  const collect = async <T>(read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  // A wrong domain must not hide a missing folder: the app is read as soon as its own settings are right.
  const settings = Array.isArray(checked) ? undefined : checked;
  const machine = settings && (await collect(() => machineArgs(settings)));
  const source = await collect(() => appSource(raw, settings));
  if (!settings || !machine || !source || problems.length > 0) throw new pulumi.RunError(report(problems));
  for (const finding of source.findings) await pulumi.log.info(`${settings.settings.site.name}: ${finding}`);
  return compose(settings, machine, source);
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

async function appSource(raw: RawConfig, checked: CheckedConfig | undefined): Promise<Source | undefined> {
  const app = checked?.settings.app ?? appSchema.safeParse(raw["app"]).data;
  if (app === undefined) return undefined;
  const { path: folder, git, ref, ...rest } = app;
  return readSource(
    { app: git === undefined ? { path: folder ?? "" } : defined({ git, ref }), ...defined(rest) },
    {
      base: pulumi.getRootDirectory(),
      archiveFolder: path.join(pulumi.getRootDirectory(), ".local", "releases"),
      label: `${pulumi.getStack()}-${checked?.settings.site.name ?? "unnamed"}`,
    },
  );
}

/** The machine with its key, read from a file or taken from the secrets; a key that cannot be used is refused. */
function machineArgs({ settings, sshPrivateKey, bastionPrivateKey }: CheckedConfig): MachineArgs {
  if (settings.machine.kind === "container") return defined(settings.machine);
  const { privateKeyFile, bastion, ...machine } = settings.machine;
  const privateKey =
    privateKeyFile === undefined
      ? usableKey("sshPrivateKey", sshPrivateKey)
      : usableKey("machine.privateKeyFile", readKey(privateKeyFile));
  const bastionKey = usableKey("bastionPrivateKey", bastionPrivateKey);
  return {
    ...defined(machine),
    ...(privateKey !== undefined && { privateKey: pulumi.secret(privateKey) }),
    ...(bastion && {
      bastion: {
        ...defined(bastion),
        ...(bastionKey !== undefined && { privateKey: pulumi.secret(bastionKey) }),
      },
    }),
  };
}

function readKey(file: string): string {
  try {
    return readFileSync(file.replace(/^~(?=\/)/, homedir()), "utf8");
  } catch (error) {
    const { code = "unreadable" } = error as NodeJS.ErrnoException;
    throw new SourceError([
      {
        ...{ key: "machine.privateKeyFile", value: `${file} (${code})`, expected: "a private key file" },
        fix: "Correct its path, or make one: ssh-keygen -t ed25519",
      },
    ]);
  }
}

/** Nothing here can ask for a passphrase; the agent can. */
function usableKey(key: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parsedKey = utils.parseKey(text);
  if (!(parsedKey instanceof Error)) return text;
  const encrypted = /encrypted/i.test(parsedKey.message);
  throw new SourceError([
    {
      key,
      value: encrypted ? "a key with a passphrase" : "no private key",
      expected: "a private key without a passphrase",
      fix: encrypted
        ? "Add it to the SSH agent (ssh-add) and set machine.agent to true instead."
        : "Give the private half, which begins with -----BEGIN.",
    },
  ]);
}

function compose(checked: CheckedConfig, machine: MachineArgs, source: Source): Settings {
  const { site, environment, gunicorn, nginx, health } = checked.settings;
  const { refuseUnknownHosts, ...nginxSite } = nginx;
  const { packages, ...siteFacts } = site;
  return {
    machine,
    refuseUnknownHosts,
    packages,
    sites: [
      {
        ...siteFacts,
        source,
        environment,
        secretEnvironment: pulumi.secret(checked.secretEnvironment),
        gunicorn,
        nginx: nginxSite,
        health,
      },
    ],
  };
}

function report(problems: readonly Problem[]): string {
  const lines = problems.map(
    ({ key, value, expected, fix }) => `  ${key}: ${value}\n    expected ${expected}\n    ${fix}`,
  );
  const count = problems.length === 1 ? "one mistake" : `${problems.length} mistakes`;
  return `the settings of stack ${pulumi.getStack()} have ${count}; nothing was changed\n${lines.join("\n")}`;
}

/** An object without its undefined fields, for types that tell absent from undefined. */
function defined<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
