import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { SiteArgs } from "../site";
import { isKept } from "../site/release";
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
  /** The text of a private SSH key that may read `app.git`. @default this computer's keys */
  deployKey?: string | undefined;
  /** A token that may read `app.git` over HTTPS, or USER:TOKEN. @default what git's credential helper knows */
  gitToken?: string | undefined;
}

/** A site from checked settings; what was found out about its source is said. */
export async function siteArgs(
  settings: SiteSections,
  secrets: SiteSecrets,
  source: SiteArgs["source"],
  tls: Tls,
): Promise<SiteArgs> {
  const { site, app, environment, gunicorn, nginx, health } = settings;
  const { findings, warnings } = isKept(source) ? goingBack(source.kept) : source;
  for (const finding of [...findings, ...tls.findings]) await pulumi.log.info(`${site.name}: ${finding}`);
  for (const warning of [...warnings, ...tls.warnings]) await pulumi.log.warn(`${site.name}: ${warning}`);
  const { name, domains, redirects, migrate, releases } = site;
  return {
    ...{ name, domains, redirects, migrate, releases },
    source,
    ...{ build: app.build, persistent: app.persistent },
    environment,
    secretEnvironment: pulumi.secret(pulumi.output(secrets.secretEnvironment ?? {})),
    ...{ gunicorn, nginx, tls: tls.args, health },
  };
}

const goingBack = (id: string): Pick<Source, "findings" | "warnings"> => ({
  findings: [`Going back to release ${id}, as app.release says; the source is not read.`],
  warnings: [],
});
