import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "../machine/machine";
import type { RemoteStepArgs } from "../remote/remoteStep";
import { scripts } from "../remote/scripts";
import { renderEnvironment } from "../render/environment";
import { type NginxSiteSettings, renderNginxHttps, renderNginxSite } from "../render/nginx";
import type { ProgramSettings } from "../render/supervisor";
import type { SiteArgs } from "./args";
import type { SiteAddress } from "./environment";
import { healthHost } from "./health";
import { hasHttps, httpsSettings } from "./https";
import { isKept } from "./release";
import { dataFate } from "./services";

/** Stands for a file's content among the facts of a step that acts on it. */
export const fingerprint = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 12);

export const userStep = ({ name: site, deleteData }: SiteArgs, machine: Machine): RemoteStepArgs => ({
  script: "site-user",
  args: [site],
  onDelete: { script: "site-remove", args: [dataFate(deleteData), site, machine.machineId] },
});

/** For a file that only root may read: its mode and owner. */
export const rootOnly = ["0600", "root:root"] as const;

/**
 * A file of a site's settings, by its path in their folder; one in next/ takes effect when the site is activated.
 * @param rights mode and owner, if it is not the site's user who may read it
 */
export const siteFile = (
  site: string,
  path: string,
  text: pulumi.Input<string>,
  rights: readonly string[] = [],
): RemoteStepArgs => ({
  script: "site-file",
  args: [site, path, ...rights],
  stdin: text,
});

/** The superuser's fields, as `createsuperuser` looks for them. Only root may read them: the app has no use for them. */
export const superuserStep = (
  site: string,
  machine: Machine,
  fields: pulumi.Input<Record<string, string>>,
): RemoteStepArgs => ({
  ...siteFile(
    site,
    "next/superuser",
    pulumi.output(fields).apply(superuserVariables).apply(renderEnvironment),
    rootOnly,
  ),
  onDelete: { script: "site-file-remove", args: [site, "next/superuser", machine.machineId] },
});

const superuserVariables = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [`DJANGO_SUPERUSER_${field.toUpperCase()}`, value]),
  );

export const programSettings = ({ name, gunicorn }: SiteArgs): ProgramSettings => ({
  site: name,
  exec: scripts["site-exec"].path,
  gunicorn,
});

export const programStep = (site: string, text: string): RemoteStepArgs => ({
  script: "program",
  args: [site],
  stdin: text,
});

/** Nothing is redirected: no port is in nginx's files. */
const anywhere = { httpPort: 80, httpsPort: 443 };

/**
 * The texts of nginx's files: for HTTP and, where the site has it, for HTTPS. A preview shows them before there is a
 * machine, unless they hold its ports.
 */
export const renderNginx = (args: SiteArgs, address: pulumi.Output<SiteAddress>) =>
  hasHttps(args) || args.redirects.length > 0
    ? address.apply((ports) => nginxTexts(args, ports))
    : pulumi.output(nginxTexts(args, anywhere));

function nginxTexts(args: SiteArgs, { httpPort, httpsPort }: Omit<SiteAddress, "url">) {
  const { name, domains, redirects, gunicorn, nginx } = args;
  const https = hasHttps(args) ? httpsSettings(args, httpsPort) : undefined;
  const settings: NginxSiteSettings = {
    ...{ site: name, domains, redirects, httpPort, nginx, https },
    ...{ instances: gunicorn.instances, timeout: gunicorn.timeout, webSockets: args.interface === "asgi" },
  };
  return { http: renderNginxSite(settings), https: https ? renderNginxHttps(settings, https) : "" };
}

export const nginxStep = (args: SiteArgs, text: pulumi.Input<string>): RemoteStepArgs => ({
  script: "nginx-site",
  args: [args.name, healthHost(args), args.health.path, args.health.status],
  stdin: text,
});

/** What activation acts on, apart from the fingerprints of the files it puts in force. */
export function activationFacts(args: SiteArgs) {
  const { source, gunicorn, health, migrate, fixtures, superuser } = args;
  return {
    instances: gunicorn.instances,
    interface: args.interface,
    // What nginx tells the app of a visitor's way.
    scheme: hasHttps(args) ? "https" : "http",
    host: healthHost(args),
    health_path: health.path,
    health_status: health.status,
    health_timeout: health.timeout,
    graceful_timeout: gunicorn.gracefulTimeout,
    // The database has moved on: an earlier release has nothing to migrate, or to bring.
    migrate: migrate && !isKept(source),
    fixtures: isKept(source) ? "" : fixtures.join(" "),
    superuser: superuser !== undefined && !isKept(source),
    initial_data: scripts["initial-data"].path,
    exec: scripts["site-exec"].path,
  };
}
