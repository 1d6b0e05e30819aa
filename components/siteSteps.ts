import { createHash } from "node:crypto";
import { basename } from "node:path";

import type * as pulumi from "@pulumi/pulumi";

import type { Machine } from "./machine/machine";
import type { RemoteStepArgs } from "./remote/remoteStep";
import { scripts } from "./remote/scripts";
import { renderFacts, renderFiles } from "./render/facts";
import { renderNginxSite } from "./render/nginx";
import type { ProgramSettings } from "./render/supervisor";
import type { SiteArgs } from "./site";
import type { Source } from "./source";
import { gunicornRequirements, poetry, uv } from "./versions";

const hash = (text: string, length: number): string =>
  createHash("sha256").update(text).digest("hex").slice(0, length);

/** Stands for a file's content among the facts of a step that acts on it. */
export const fingerprint = (text: string): string => hash(text, 12);

/** The same source built otherwise is another release. */
export function releaseId({ releaseId: id, dependencies, projectRoot, settingsModule }: Source): string {
  return `${id}-${hash([dependencies.id, projectRoot, settingsModule].join("\n"), 4)}`;
}

export function siteAddress({ domains }: SiteArgs, machine: Machine): pulumi.Output<{ url: string }> {
  return machine.httpPort.apply((port) => ({
    url: `http://${domains[0] ?? ""}${port === 80 ? "" : `:${port}`}`,
  }));
}

/** What every app gets, under the names that Django's own documentation and django-environ use. */
export function siteEnvironment(args: SiteArgs, url: string): Record<string, string> {
  const port = new URL(url).port;
  const origins = args.domains.map((domain) => `http://${domain}${port === "" ? "" : `:${port}`}`);
  return {
    DJANGO_SETTINGS_MODULE: args.source.settingsModule,
    ALLOWED_HOSTS: args.domains.join(","),
    CSRF_TRUSTED_ORIGINS: origins.join(","),
    SITE_URL: url,
    ...args.environment,
  };
}

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

export const archiveOf = (site: string, source: Source): { source: string; remotePath: string } => ({
  source: source.archive,
  // In the home of the user who logs in: nobody else can read it, and it survives a reboot.
  remotePath: `.django-server-${site}-${basename(source.archive)}`,
});

export function dependenciesStep(site: string, { dependencies }: Source): RemoteStepArgs {
  const tools = {
    ...(dependencies.kind === "poetry" && {
      "poetry.txt": poetry.tool,
      "poetry-export.txt": poetry.exporter,
    }),
    ...(!dependencies.hasGunicorn && { "gunicorn.txt": gunicornRequirements }),
  };
  return {
    script: "dependencies",
    args: [site, dependencies.id, dependencies.kind, `/opt/django-server/uv-${uv.version}/bin/uv`],
    stdin: renderFiles({ ...dependencies.files, ...tools }),
  };
}

export function releaseStep(args: SiteArgs, release: string): RemoteStepArgs {
  const { name, source, nginx } = args;
  return {
    script: "release",
    args: [name, release],
    stdin: renderFacts({
      archive: archiveOf(name, source).remotePath,
      sha256: source.archiveSha256,
      venv: source.dependencies.id,
      root: source.projectRoot,
      exec: scripts["site-exec"].path,
      prepare: scripts.prepare.path,
      static_url: nginx.staticUrl,
      media_url: nginx.mediaUrl,
    }),
  };
}

export const programSettings = ({ name, source, gunicorn }: SiteArgs): ProgramSettings => ({
  site: name,
  exec: scripts["site-exec"].path,
  wsgi: source.wsgiModule,
  gunicorn,
});

export const programStep = (site: string, text: string): RemoteStepArgs => ({
  script: "program",
  args: [site],
  stdin: text,
});

export function nginxStep({ name, domains, gunicorn, nginx, health }: SiteArgs): RemoteStepArgs {
  return {
    script: "nginx-site",
    args: [name, domains[0] ?? "", health.path, health.status],
    stdin: renderNginxSite({
      site: name,
      domains,
      instances: gunicorn.instances,
      timeout: gunicorn.timeout,
      nginx,
    }),
  };
}

/** What activation acts on, apart from the fingerprints of the files it puts in force. */
export function activationFacts({ gunicorn, health, domains, migrate }: SiteArgs) {
  return {
    instances: gunicorn.instances,
    host: domains[0] ?? "",
    health_path: health.path,
    health_status: health.status,
    health_timeout: health.timeout,
    migrate,
    exec: scripts["site-exec"].path,
  };
}
