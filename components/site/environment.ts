import * as pulumi from "@pulumi/pulumi";

import type { HostSetup } from "../hostSetup";
import type { Machine } from "../machine/machine";
import { withoutGiven } from "../render/network";
import { renderEnvironment } from "../render/environment";
import type { SiteArgs } from "../site";
import { servicesOnMachine, serviceVariables } from "./services";

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

/** The file with all of it; what the machine alone knows of its services is read from there. */
export const environmentText = (args: SiteArgs, url: string, host: Pick<HostSetup, "network">): string =>
  renderEnvironment(
    siteEnvironment(args, url, host),
    servicesOnMachine(args).map((service) => `/etc/django-server/${args.name}/services/${service}`),
  );

/** The file with what is secret: the network's credentials, where it needs some, the services' and the site's own. */
export const secretsText = (args: SiteArgs, { network }: Pick<HostSetup, "network">): pulumi.Output<string> =>
  pulumi.secret(
    pulumi
      .all([network?.secretEnvironment ?? {}, serviceVariables(args), args.secretEnvironment])
      .apply(([routes, services, own]) =>
        renderEnvironment({ ...withoutGiven(routes, { ...args.environment, ...own }), ...services, ...own }),
      ),
  );
