import type { ComponentResourceOptions } from "@pulumi/pulumi";
import * as pulumi from "@pulumi/pulumi";

import { DjangoServer, type DjangoServerArgs } from "../../components/djangoServer";
import type { MachineArgs } from "../../components/machine";
import { backupSchema } from "../../components/settings/schema/backup";
import { databaseSchema } from "../../components/settings/schema/database";
import { gunicornSchema } from "../../components/settings/schema/gunicorn";
import { healthSchema } from "../../components/settings/schema/health";
import { nginxSchema } from "../../components/settings/schema/nginx";
import { redisSchema } from "../../components/settings/schema/redis";
import type { SiteArgs } from "../../components/site/args";
import type { Source } from "../../components/source";
import { record, type Recorded } from "../support/mocks";

export const container: MachineArgs = { kind: "container" };
export const server: MachineArgs = {
  ...{ kind: "ssh", host: "vps.example.org", user: "deploy", privateKey: pulumi.secret("-server-key-") },
  hostKey: "ssh-ed25519 AAAAhost",
};

export const source: Source = {
  ...{
    releaseId: "0123456789ab",
    archive: "package.json",
    archiveSha256: "f".repeat(64),
    origin: "folder",
    findings: [],
    warnings: [],
  },
  ...{ projectRoot: "", settingsModule: "wepynaire.settings", application: "wepynaire.wsgi:application" },
  dependencies: {
    kind: "requirements",
    files: { "requirements.txt": "django\n" },
    id: "abcdefabcdef",
  },
};

/** A site with the defaults of the settings. */
export function siteArgs(changed: Partial<SiteArgs> = {}): SiteArgs {
  const nginx = nginxSchema.parse({});
  return {
    ...{
      name: "wepynaire",
      domains: ["example.org", "www.example.org"],
      redirects: [],
      source,
      migrate: true,
    },
    ...{ interface: "wsgi", compileMessages: false, fixtures: [], tls: { kind: "none" } },
    ...{ database: databaseSchema.parse({}), redis: redisSchema.parse({}) },
    ...{ build: [], persistent: [], releases: 5, deleteData: false },
    ...{ environment: { COLOUR: "blue" }, secretEnvironment: pulumi.secret({ STRIPE_KEY: "-hush-" }) },
    ...{ processes: {}, timers: {} },
    ...{ gunicorn: gunicornSchema.parse({}), nginx, health: healthSchema.parse({}) },
    ...{ backup: backupSchema.parse({}), backupSecrets: pulumi.secret({ RESTIC_PASSWORD: "-password-" }) },
    ...changed,
  };
}

/** Everything that a server with these sites is made of, by the resources' names. */
export async function recordServer(
  machine: MachineArgs,
  sites: SiteArgs[] = [siteArgs()],
  args: Partial<DjangoServerArgs> = {},
) {
  const make = (opts: ComponentResourceOptions) =>
    new DjangoServer("machine", { machine, sites, ...args }, opts);
  const { built, resources } = await record(make);
  const commands = [...resources.values()].filter(({ type }) => type.startsWith("command:remote:"));
  const steps = new Map(commands.map((step) => [step.name, step]));
  return { server: built, resources, steps, step: (name: string): Recorded => found(steps, name) };
}

function found(steps: ReadonlyMap<string, Recorded>, name: string): Recorded {
  const step = steps.get(name);
  if (!step) throw new Error(`there is no step ${name}, only ${[...steps.keys()].join(", ")}`);
  return step;
}

/** Every step that has to be done before this one. */
export function before(steps: ReadonlyMap<string, Recorded>, name: string): Set<string> {
  const direct = found(steps, name).dependsOn;
  return new Set(direct.flatMap((step) => [step, ...before(steps, step)]));
}

/** The inputs that differ, as `STEP.INPUT`. */
export function differences(
  one: ReadonlyMap<string, Recorded>,
  other: ReadonlyMap<string, Recorded>,
): string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names]
    .flatMap((name) => {
      const [a, b] = [one.get(name)?.inputs ?? {}, other.get(name)?.inputs ?? {}];
      const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
      return [...keys]
        .filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key]))
        .map((key) => `${name}.${key}`);
    })
    .sort();
}
