import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { SiteArgs } from "../site/args";
import { Problems } from "../source/problems";
import { checkConfig } from "./check";
import { refusal } from "./refusal";
import { siteSecrets, siteSections, type StackSettings } from "./schema";
import type { nginxSchema } from "./schema/nginx";
import type { siteSchema } from "./schema/site";
import { appSource, siteArgs, type SiteSecrets } from "./site";
import { type CertificateSecrets, tlsArgs } from "./tls";

/** The sections that are given as they stand in a stack's settings. */
type Sections = Omit<{ [K in keyof typeof siteSections]: z.input<(typeof siteSections)[K]> }, "site">;

/** A site, as a stack's settings describe one: docs/settings.md is the reference of each part. */
export interface SiteSettings
  extends
    Omit<z.input<typeof siteSchema>, "packages">,
    Partial<Omit<Sections, "app" | "nginx">>,
    SiteSecrets {
  /** The Django project: exactly one of path, git and archive. */
  app: Sections["app"];
  nginx?: Omit<z.input<typeof nginxSchema>, "refuseUnknownHosts">;
}

/**
 * Checks a site's settings, fills in the defaults and reads its source. Nothing is changed anywhere.
 * @example
 * const shop = await defineSite({ name: "shop", domains: ["shop.example.org"], app: { path: "../shop" } });
 * @throws pulumi.RunError naming every mistake at once: key, value, what was expected, how to fix it
 */
export async function defineSite(settings: SiteSettings): Promise<SiteArgs> {
  const entries = Object.entries(settings);
  const isSecret = (key: string): boolean => Object.hasOwn(siteSecrets, key);
  const secrets = Object.fromEntries(entries.filter(([key]) => isSecret(key))) as SiteSecrets;
  const sections = entries.filter(([key]) => key !== "site" && Object.hasOwn(siteSections, key));
  const site = Object.fromEntries(
    entries.filter((entry) => !sections.includes(entry) && !isSecret(entry[0])),
  ) as { name?: string };
  // What another resource makes is not known yet, and checked by nobody.
  const given = Object.entries(secrets).filter(([, value]) => value !== undefined);
  const known = given.filter(([, value]) => !pulumi.Output.isInstance(value));
  const later = given.filter((secret) => !known.includes(secret)).map(([key]) => key);
  const knownParts = known.map(([key, value]): [string, unknown] => [key, withoutOutputs(value)]);
  const { parts, problems } = checkConfig(
    { site, ...Object.fromEntries(sections), ...Object.fromEntries(knownParts) },
    isSecret,
    [...Object.keys(siteSections), ...Object.keys(siteSecrets)],
    later,
  );
  const found = new Problems();
  const { app: checked, site: own, tls: served } = parts;
  const names = [...(own?.domains ?? []), ...(own?.redirects ?? [])];
  const source = checked && (await found.collect(() => appSource(checked, parts, site.name)));
  const pem: CertificateSecrets = {
    ...parts,
    ...Object.fromEntries(given.filter((secret) => !known.includes(secret))),
  };
  const tls = served && (await found.collect(() => tlsArgs(served, pem, names, pulumi.getStack())));
  problems.push(...found.all);
  if (problems.length > 0 || !source || !tls)
    throw refusal(`the settings of site ${site.name ?? "wepynaire"}`, problems);
  return siteArgs(parts as StackSettings, secrets, source, tls);
}

/** Of a secret with parts, those that are known by now. */
const withoutOutputs = (value: unknown): unknown =>
  typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([, part]) => !pulumi.Output.isInstance(part)))
    : value;
