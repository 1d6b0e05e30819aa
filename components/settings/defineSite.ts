import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { SiteArgs } from "../site";
import { Problems } from "../source/problems";
import { checkConfig } from "./check";
import { refusal } from "./refusal";
import type {
  appSchema,
  environmentSchema,
  gunicornSchema,
  healthSchema,
  nginxSchema,
  siteSchema,
  StackSettings,
} from "./schema";
import { appSource, siteArgs } from "./site";

/** A site, as a stack's settings describe one: docs/settings.md is the reference of each part. */
export interface SiteSettings extends Omit<z.input<typeof siteSchema>, "packages"> {
  /** The Django project: exactly one of path, git and archive. */
  app: z.input<typeof appSchema>;
  /** The app's environment variables. @default none */
  environment?: z.input<typeof environmentSchema>;
  /** Environment variables whose values are secrets, in state and diffs too. @default none */
  secretEnvironment?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  gunicorn?: z.input<typeof gunicornSchema>;
  nginx?: Omit<z.input<typeof nginxSchema>, "refuseUnknownHosts">;
  health?: z.input<typeof healthSchema>;
  /** The text of a private SSH key that may read `app.git`. @default this computer's keys */
  deployKey?: string;
  /** A token that may read `app.git` over HTTPS, or USER:TOKEN. @default what git's credential helper knows */
  gitToken?: string;
}

/**
 * Checks a site's settings, fills in the defaults and reads its source. Nothing is changed anywhere.
 * @example
 * const shop = await defineSite({ name: "shop", domains: ["shop.example.org"], app: { path: "../shop" } });
 * @throws pulumi.RunError naming every mistake at once: key, value, what was expected, how to fix it
 */
export async function defineSite(settings: SiteSettings): Promise<SiteArgs> {
  const { app, environment, secretEnvironment = {}, gunicorn, nginx, health, ...rest } = settings;
  const { deployKey, gitToken, ...site } = rest;
  const { parts, problems } = checkConfig(
    { site, app, environment, gunicorn, nginx, health, deployKey, gitToken },
    (key) => key === "deployKey" || key === "gitToken",
  );
  const found = new Problems();
  const { app: checked } = parts;
  const source = checked && (await found.collect(() => appSource(checked, parts, site.name)));
  problems.push(...found.all);
  if (problems.length > 0 || !source)
    throw refusal(`the settings of site ${site.name ?? "wepynaire"}`, problems);
  return siteArgs(parts as StackSettings, source, pulumi.output(secretEnvironment));
}
