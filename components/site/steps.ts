import { createHash } from "node:crypto";

import type * as pulumi from "@pulumi/pulumi";

import type { Machine } from "../machine/machine";
import type { RemoteStepArgs } from "../remote/remoteStep";
import { scripts } from "../remote/scripts";
import { renderNginxSite } from "../render/nginx";
import type { ProgramSettings } from "../render/supervisor";
import type { SiteArgs } from "../site";
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

export const renderNginx = ({ name, domains, gunicorn, nginx }: SiteArgs): string =>
  renderNginxSite({
    site: name,
    domains,
    instances: gunicorn.instances,
    timeout: gunicorn.timeout,
    nginx,
  });

const healthHost = ({ health, domains }: SiteArgs): string => health.host ?? domains[0] ?? "";

export const nginxStep = (args: SiteArgs, text: string): RemoteStepArgs => ({
  script: "nginx-site",
  args: [args.name, healthHost(args), args.health.path, args.health.status],
  stdin: text,
});

/** What activation acts on, apart from the fingerprints of the files it puts in force. */
export function activationFacts(args: SiteArgs) {
  const { source, gunicorn, health, migrate } = args;
  return {
    instances: gunicorn.instances,
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
