import * as pulumi from "@pulumi/pulumi";

import type { HostSetup } from "../hostSetup";
import type { Machine } from "../machine/machine";
import { withoutGiven } from "../render/network";
import type { SiteArgs } from "../site";

export function siteAddress({ domains }: SiteArgs, machine: Machine): pulumi.Output<{ url: string }> {
  return machine.httpPort.apply((port) => ({
    url: `http://${domains[0] ?? ""}${port === 80 ? "" : `:${port}`}`,
  }));
}

/**
 * What every app gets, under the names that Django's own documentation uses; its settings module is its release's. By
 * what its machine reaches the world, it does so, too.
 */
export function siteEnvironment(
  args: SiteArgs,
  url: string,
  { network }: Pick<HostSetup, "network">,
): Record<string, string> {
  const port = new URL(url).port;
  const origins = args.domains.map((domain) => `http://${domain}${port === "" ? "" : `:${port}`}`);
  return {
    ...withoutGiven(network?.environment ?? {}, args.environment),
    ALLOWED_HOSTS: args.domains.join(","),
    CSRF_TRUSTED_ORIGINS: origins.join(","),
    SITE_URL: url,
    ...args.environment,
  };
}

/** The variables whose values are secrets: the network's credentials, where it needs some, and the site's own. */
export const siteSecrets = (
  { environment, secretEnvironment }: SiteArgs,
  { network }: Pick<HostSetup, "network">,
): pulumi.Output<Record<string, string>> =>
  pulumi.secret(
    pulumi
      .all([network?.secretEnvironment ?? {}, secretEnvironment])
      .apply(([routes, own]) => ({ ...withoutGiven(routes, { ...environment, ...own }), ...own })),
  );
