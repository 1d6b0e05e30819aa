import * as pulumi from "@pulumi/pulumi";

import type { HostSetup } from "../hostSetup";
import type { Machine } from "../machine/machine";
import { withoutGiven } from "../render/network";
import { renderEnvironment } from "../render/environment";
import type { SiteArgs } from "./args";
import { servicesOnMachine, servicesRenamed, serviceVariables } from "./services";
import { hasHttps } from "./https";

/** Where visitors find a site. */
export interface SiteAddress {
  url: string;
  httpPort: number;
  /** Of no meaning where the site has no HTTPS. */
  httpsPort: number;
}

/** @throws RunError where a site is to have HTTPS on a machine that has no port for it */
export function siteAddress(args: SiteArgs, machine: Machine): pulumi.Output<SiteAddress> {
  const https = hasHttps(args);
  const host = args.domains[0] ?? "";
  return pulumi.all([machine.httpPort, machine.httpsPort]).apply(([httpPort, httpsPort]) => {
    if (https && httpsPort === 0) throw new pulumi.RunError(noPort);
    const port = https ? httpsPort : httpPort;
    // A URL leaves out its scheme's own port.
    const { origin } = new URL(`${https ? "https" : "http"}://${host}:${port}`);
    return { url: origin, httpPort, httpsPort };
  });
}

const noPort =
  "the container was made when machines published no port for HTTPS: set machine.httpsPort, such as 8443, which makes a new, empty machine";

/**
 * What every app gets, under the names that Django's own documentation uses; its settings module is its release's. By
 * what its machine reaches the world, it does so, too.
 */
export function siteEnvironment(
  args: SiteArgs,
  url: string,
  { network }: Pick<HostSetup, "network">,
): Record<string, string> {
  const { protocol, port } = new URL(url);
  const origins = args.domains.map((domain) => `${protocol}//${domain}${port === "" ? "" : `:${port}`}`);
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
    servicesRenamed(args),
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
