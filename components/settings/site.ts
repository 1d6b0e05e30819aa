import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { SiteArgs } from "../site";
import { isKept } from "../site/release";
import { readSource, type Source } from "../source";
import type { SiteSections, StackSecrets, StackSettings } from "./schema";
import { sourceArgs } from "./source";

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
export interface SiteSecrets {
  /** Environment variables whose values are secrets, in state and diffs too. @default none */
  secretEnvironment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Where the database is, with `database.server` of `url`. */
  databaseUrl?: pulumi.Input<string> | undefined;
  /** Where the Redis is, with `redis.server` of `url`. */
  redisUrl?: pulumi.Input<string> | undefined;
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
): Promise<SiteArgs> {
  const { site, app, environment, database, redis, gunicorn, nginx, health, backup } = settings;
  const { findings, warnings } = isKept(source) ? goingBack(source.kept) : source;
  for (const finding of findings) await pulumi.log.info(`${site.name}: ${finding}`);
  for (const warning of warnings) await pulumi.log.warn(`${site.name}: ${warning}`);
  for (const warning of doomedData(settings)) await pulumi.log.warn(`${site.name}: ${warning}`);
  const { name, domains, migrate, releases, deleteData } = site;
  const { databaseUrl, redisUrl } = secrets;
  return {
    ...{ name, domains, migrate, releases, deleteData },
    source,
    ...{ build: app.build, persistent: app.persistent },
    environment,
    secretEnvironment: pulumi.secret(pulumi.output(secrets.secretEnvironment ?? {})),
    ...{ database, redis },
    ...(databaseUrl !== undefined && { databaseUrl: pulumi.secret(databaseUrl) }),
    ...(redisUrl !== undefined && { redisUrl: pulumi.secret(redisUrl) }),
    ...{ gunicorn, nginx, health, backup },
    backupSecrets: pulumi.secret(pulumi.output(backupSecrets(secrets))),
  };
}

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
