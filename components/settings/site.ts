import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { SiteArgs } from "../site";
import { isKept } from "../siteRelease";
import { readSource, type Source } from "../source";
import type { StackSecrets, StackSettings } from "./schema";
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

/** A site from checked settings; what was found out about its source is said. */
export async function siteArgs(
  settings: Pick<StackSettings, "site" | "app" | "environment" | "gunicorn" | "nginx" | "health">,
  source: SiteArgs["source"],
  secretEnvironment: pulumi.Input<Record<string, string>>,
): Promise<SiteArgs> {
  const { site, app, environment, gunicorn, nginx, health } = settings;
  const { findings, warnings } = isKept(source) ? goingBack(source.kept) : source;
  for (const finding of findings) await pulumi.log.info(`${site.name}: ${finding}`);
  for (const warning of warnings) await pulumi.log.warn(`${site.name}: ${warning}`);
  const { name, domains, migrate, releases } = site;
  return {
    ...{ name, domains, migrate, releases },
    source,
    ...{ build: app.build, persistent: app.persistent },
    environment,
    secretEnvironment: pulumi.secret(secretEnvironment),
    ...{ gunicorn, nginx, health },
  };
}

const goingBack = (id: string): Pick<Source, "findings" | "warnings"> => ({
  findings: [`Going back to release ${id}, as app.release says; the source is not read.`],
  warnings: [],
});
