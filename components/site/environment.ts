import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "../machine/machine";
import type { SiteArgs } from "../site";
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

/** What every app gets, under the names that Django's own documentation uses; its settings module is its release's. */
export function siteEnvironment(args: SiteArgs, url: string): Record<string, string> {
  const { protocol, port } = new URL(url);
  const origins = args.domains.map((domain) => `${protocol}//${domain}${port === "" ? "" : `:${port}`}`);
  return {
    ALLOWED_HOSTS: args.domains.join(","),
    CSRF_TRUSTED_ORIGINS: origins.join(","),
    SITE_URL: url,
    ...args.environment,
  };
}
