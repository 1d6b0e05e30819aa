import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "../machine/machine";
import type { RemoteStepArgs } from "../remote/remoteStep";
import { scripts } from "../remote/scripts";
import { type NginxSiteSettings, renderNginxHttps, renderNginxSite } from "../render/nginx";
import type { ProgramSettings } from "../render/supervisor";
import type { SiteArgs } from "../site";
import type { SiteAddress } from "./environment";
import { healthHost } from "./health";
import { hasHttps, httpsSettings } from "./https";
import { isKept } from "./release";

/** Stands for a file's content among the facts of a step that acts on it. */
export const fingerprint = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 12);

export const userStep = (site: string, machine: Machine): RemoteStepArgs => ({
  script: "site-user",
  args: [site],
  onDelete: { script: "site-remove", args: [site, machine.machineId] },
});

export const siteFile = (site: string, file: string, text: pulumi.Input<string>): RemoteStepArgs => ({
  script: "site-file",
  args: [site, file],
  stdin: text,
});

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
    ...{ instances: gunicorn.instances, timeout: gunicorn.timeout },
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
  const { source, gunicorn, health, migrate } = args;
  return {
    instances: gunicorn.instances,
    // What nginx tells the app of a visitor's way.
    scheme: hasHttps(args) ? "https" : "http",
    host: healthHost(args),
    health_path: health.path,
    health_status: health.status,
    health_timeout: health.timeout,
    graceful_timeout: gunicorn.gracefulTimeout,
    // The database has moved on: an earlier release has nothing to migrate.
    migrate: migrate && !isKept(source),
    exec: scripts["site-exec"].path,
  };
}
