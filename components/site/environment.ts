import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "../machine/machine";
import { renderEnvironment } from "../render/environment";
import type { SiteArgs } from "../site";
import { servicesOnMachine, serviceVariables } from "./services";

export function siteAddress({ domains }: SiteArgs, machine: Machine): pulumi.Output<{ url: string }> {
  return machine.httpPort.apply((port) => ({
    url: `http://${domains[0] ?? ""}${port === 80 ? "" : `:${port}`}`,
  }));
}

/** What every app gets, under the names that Django's own documentation uses; its settings module is its release's. */
export function siteEnvironment(args: SiteArgs, url: string): Record<string, string> {
  const port = new URL(url).port;
  const origins = args.domains.map((domain) => `http://${domain}${port === "" ? "" : `:${port}`}`);
  return {
    ALLOWED_HOSTS: args.domains.join(","),
    CSRF_TRUSTED_ORIGINS: origins.join(","),
    SITE_URL: url,
    ...args.environment,
  };
}

/** The file with all of it; what the machine alone knows of its services is read from there. */
export const environmentText = (args: SiteArgs, url: string): string =>
  renderEnvironment(
    siteEnvironment(args, url),
    servicesOnMachine(args).map((service) => `/etc/django-server/${args.name}/services/${service}`),
  );

/** The file with what is secret of it. */
export const secretsText = (args: SiteArgs): pulumi.Output<string> =>
  pulumi
    .all([serviceVariables(args), pulumi.secret(args.secretEnvironment)])
    .apply(([services, own]) => renderEnvironment({ ...services, ...own }));
