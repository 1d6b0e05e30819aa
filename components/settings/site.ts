import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { SiteArgs } from "../site/args";
import { isKept } from "../site/release";
import { plainVariables, secretVariables } from "../site/variables";
import { readSource, type Source } from "../source";
import type { SiteSections, StackSecrets, StackSettings } from "./schema";
import { sourceArgs } from "./source";
import type { CertificateSecrets, Tls } from "./tls";

/** What the app is made of, before it is known whether all else is right. */
export type AppSettings = Pick<StackSettings, "app">["app"];

/**
 * What a site is to serve. An emergency must not wait for a git server, nor for a folder that is broken at the moment:
 * where a release is named to go back to, the source is not read.
 * @throws SourceError with every mistake found
 */
export async function appSource(
  app: AppSettings,
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

/** A site's secrets: as a stack's configuration has them, or as another resource makes them. */
export interface SiteSecrets extends CertificateSecrets {
  /** Environment variables whose values are secrets, in state and diffs too. @default none */
  secretEnvironment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Where the database is, with `database.server` of `url`. */
  databaseUrl?: pulumi.Input<string> | undefined;
  /** Where the Redis is, with `redis.server` of `url`. */
  redisUrl?: pulumi.Input<string> | undefined;
  /** Django's SECRET_KEY. @default one that is made on the machine and never leaves it */
  secretKey?: pulumi.Input<string> | undefined;
  /** The password of `mail.user`. @default none */
  mailPassword?: pulumi.Input<string> | undefined;
  /** The access key of `storage`: its id and its secret. @default what the machine itself may do, as at AWS by its role */
  storageAccessKeyId?: pulumi.Input<string> | undefined;
  storageSecretAccessKey?: pulumi.Input<string> | undefined;
  /** The fields of the first superuser, with its password, made once for a database. @default none */
  superuser?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** The text of a private SSH key that may read `app.git`. @default this computer's keys */
  deployKey?: string | undefined;
  /** A token that may read `app.git` over HTTPS, or USER:TOKEN. @default what git's credential helper knows */
  gitToken?: string | undefined;
  /** The password of the repository in `backup.s3`. @default none */
  backupPassword?: pulumi.Input<string> | undefined;
  /** The id of a key that may use the bucket of `backup.s3`. @default none */
  backupAccessKeyId?: pulumi.Input<string> | undefined;
  /** The secret of that key. @default none */
  backupSecretAccessKey?: pulumi.Input<string> | undefined;
}

/** A site from checked settings; what was found out about its source is said. */
export async function siteArgs(
  settings: SiteSections,
  secrets: SiteSecrets,
  source: SiteArgs["source"],
  tls: Tls,
): Promise<SiteArgs> {
  const { site, app, environment, database, redis, mail, storage } = settings;
  const { gunicorn, processes, timers, nginx, health, backup } = settings;
  const { findings, warnings } = isKept(source) ? goingBack(source.kept) : source;
  for (const finding of [...findings, ...tls.findings]) await pulumi.log.info(`${site.name}: ${finding}`);
  for (const warning of [...warnings, ...tls.warnings, ...doomedData(settings)])
    await pulumi.log.warn(`${site.name}: ${warning}`);
  const { name, domains, redirects, migrate, releases, deleteData } = site;
  const { databaseUrl, redisUrl } = secrets;
  return {
    ...{ name, domains, redirects, migrate, releases, deleteData },
    source,
    interface: app.interface,
    ...{ build: app.build, persistent: app.persistent },
    ...{ compileMessages: app.compileMessages, fixtures: app.fixtures },
    environment: { ...plainVariables(mail, storage), ...environment },
    secretEnvironment: secretEnvironment(mail, environment, secrets),
    superuser: superuser(secrets),
    ...{ database, redis },
    ...(databaseUrl !== undefined && { databaseUrl: pulumi.secret(databaseUrl) }),
    ...(redisUrl !== undefined && { redisUrl: pulumi.secret(redisUrl) }),
    ...{ gunicorn, processes, timers, nginx, tls: tls.args, health, backup },
    backupSecrets: pulumi.secret(pulumi.output(backupSecrets(secrets))),
  };
}

/** None at all where the settings name no field. */
const superuser = ({ superuser: fields = {} }: SiteSecrets): SiteArgs["superuser"] =>
  Object.keys(fields).length > 0 ? pulumi.secret(fields) : undefined;

/** A person's own variables win over those that follow from settings, the plain ones, too. */
function secretEnvironment(
  mail: SiteSections["mail"],
  plain: Readonly<Record<string, string>>,
  secrets: SiteSecrets,
): pulumi.Output<Record<string, string>> {
  const { secretKey, mailPassword, storageAccessKeyId, storageSecretAccessKey } = secrets;
  const given = { secretKey, mailPassword, storageAccessKeyId, storageSecretAccessKey };
  return pulumi.secret(
    pulumi.all([given, secrets.secretEnvironment ?? {}]).apply(([values, own]) => ({
      ...without(secretVariables(mail, values), plain),
      ...own,
    })),
  );
}

const without = (variables: Readonly<Record<string, string>>, others: object): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !Object.hasOwn(others, name)));

/** By the names that restic knows them by. */
const backupSecrets = (secrets: SiteSecrets): pulumi.Input<Record<string, pulumi.Input<string>>> => ({
  AWS_ACCESS_KEY_ID: secrets.backupAccessKeyId ?? "",
  AWS_SECRET_ACCESS_KEY: secrets.backupSecretAccessKey ?? "",
  RESTIC_PASSWORD: secrets.backupPassword ?? "",
});

const goingBack = (id: string): Pick<Source, "findings" | "warnings"> => ({
  findings: [`Going back to release ${id}, as app.release says; the source is not read.`],
  warnings: [],
});

/** What a removal would not leave, once these settings are deployed. */
function doomedData({ site, database, redis }: SiteSections): string[] {
  const kept = "Set it to false and deploy to keep it.";
  return [
    ...(site.deleteData
      ? [`site.deleteData is on: removing the site deletes its uploads, its database and all else. ${kept}`]
      : []),
    ...(database.deleteData && database.server === "machine"
      ? [`database.deleteData is on: removing the site or its database drops the database. ${kept}`]
      : []),
    ...(redis.deleteData && redis.server === "machine"
      ? [`redis.deleteData is on: removing the site or its Redis deletes what is in it. ${kept}`]
      : []),
  ];
}
