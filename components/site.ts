import { createHash } from "node:crypto";
import { basename } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { HostSetup } from "./hostSetup";
import type { Machine } from "./machine/machine";
import { RemoteStep, type RemoteStepArgs, Upload } from "./remote/remoteStep";
import { scripts } from "./remote/scripts";
import { renderEnvironment } from "./render/environment";
import { renderFacts, renderFiles } from "./render/facts";
import { type GunicornSettings, renderGunicorn } from "./render/gunicorn";
import { type NginxSettings, renderNginxSite } from "./render/nginx";
import { renderSupervisor } from "./render/supervisor";
import type { Source } from "./source";
import { gunicornRequirements, poetry, uv } from "./versions";

/** How a release proves that it works, asked of every instance and then through nginx. */
export interface HealthSettings {
  /** Path, with the site's own host name as Host. */
  path: string;
  /** Lowest and highest good status, `200-399`. */
  status: string;
  /** Seconds an instance has to become healthy. */
  timeout: number;
}

export interface SiteArgs {
  /** Name of the system user, the folders and the files; lower-case letters, digits and dashes. */
  name: string;
  /** Host names the site answers to, ASCII; the first is the one in its URL. */
  domains: readonly string[];
  /** What `readSource` found: the release to serve. */
  source: Source;
  /** The app's environment variables. */
  environment: Readonly<Record<string, string>>;
  /** Environment variables whose values are secrets: `pulumi.secret({…})`. */
  secretEnvironment: pulumi.Input<Record<string, string>>;
  gunicorn: GunicornSettings;
  nginx: NginxSettings;
  health: HealthSettings;
  /** Run `manage.py migrate` before a release is switched to. */
  migrate: boolean;
}

/** One Django site on a prepared machine: its release, its gunicorn instances, its nginx site. */
export class Site extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  /** The release that serves: the source's id and a short hash of what it was built with. */
  readonly release: pulumi.Output<string>;
  /** What supervisor said of each instance when the site was last activated; all of them answered by then. */
  readonly status: pulumi.Output<string[]>;

  constructor(machine: Machine, host: HostSetup, args: SiteArgs, opts?: pulumi.ComponentResourceOptions) {
    const { name, source, gunicorn, health } = args;
    super("django-server:index:Site", name, {}, opts);
    const step = (suffix: string, stepArgs: RemoteStepArgs, ...after: pulumi.Resource[]) =>
      new RemoteStep(`${name}-${suffix}`, machine, stepArgs, { parent: this, dependsOn: after });
    const site = siteAddress(args, machine);
    const release = releaseId(source);

    const user = step("user", userStep(name, machine), host.scripts);
    const environment = site.apply(({ url }) => renderEnvironment(siteEnvironment(args, url)));
    const environmentFile = step("environment", siteFile(name, "environment", environment), user);
    const secrets = pulumi.secret(args.secretEnvironment).apply(renderEnvironment);
    const secretsFile = step("secrets", siteFile(name, "secrets", secrets), user);
    const gunicornFile = step(
      "gunicorn",
      siteFile(name, "gunicorn.conf.py", renderGunicorn(name, gunicorn)),
      user,
    );

    const upload = new Upload(`${name}-upload`, machine, archiveOf(name, source), {
      parent: this,
      dependsOn: [host.scripts],
    });
    const dependencies = step("dependencies", dependenciesStep(name, source), host.python, user);
    const built = step(
      "release",
      releaseStep(args, release),
      ...[upload, dependencies, environmentFile, secretsFile],
    );
    const program = renderSupervisor({
      ...{ site: name, exec: scripts["site-exec"].path, wsgi: source.wsgiModule, gunicorn },
    });
    const programFile = step(
      "program",
      { script: "program", args: [name], stdin: program },
      ...[host.supervisor, user],
    );
    const activation = step(
      "activate",
      {
        script: "activate",
        args: [name, release],
        stdin: pulumi.all([environment, secretsFile.stdout]).apply(([text, secretsFingerprint]) =>
          renderFacts({
            instances: gunicorn.instances,
            host: args.domains[0] ?? "",
            health_path: health.path,
            health_status: health.status,
            health_timeout: health.timeout,
            migrate: args.migrate,
            exec: scripts["site-exec"].path,
            environment: fingerprint(text),
            secrets: secretsFingerprint.trim(),
            gunicorn: fingerprint(renderGunicorn(name, gunicorn)),
            program: fingerprint(program),
          }),
        ),
      },
      ...[built, programFile, gunicornFile, host.nginx],
    );
    step("nginx-site", nginxStep(args), activation);

    this.url = site.url;
    this.release = activation.create.apply(() => release);
    this.status = activation.stdout.apply((text) => text.trim().split("\n"));
    this.registerOutputs({ url: this.url, release: this.release, status: this.status });
  }
}

const hash = (text: string, length: number): string =>
  createHash("sha256").update(text).digest("hex").slice(0, length);

/** Stands for a file's content among the facts of a step that acts on it. */
const fingerprint = (text: string): string => hash(text, 12);

/** The same source built otherwise is another release. */
function releaseId({ releaseId: id, dependencies, projectRoot, settingsModule }: Source): string {
  return `${id}-${hash([dependencies.id, projectRoot, settingsModule].join("\n"), 4)}`;
}

function siteAddress({ domains }: SiteArgs, machine: Machine): pulumi.Output<{ url: string }> {
  return machine.httpPort.apply((port) => ({
    url: `http://${domains[0] ?? ""}${port === 80 ? "" : `:${port}`}`,
  }));
}

/** What every app gets, under the names that Django's own documentation and django-environ use. */
function siteEnvironment(args: SiteArgs, url: string): Record<string, string> {
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

const userStep = (site: string, machine: Machine): RemoteStepArgs => ({
  script: "site-user",
  args: [site],
  onDelete: { script: "site-remove", args: [site, machine.machineId] },
});

const siteFile = (site: string, file: string, text: pulumi.Input<string>): RemoteStepArgs => ({
  script: "site-file",
  args: [site, file],
  stdin: text,
});

const archiveOf = (site: string, source: Source): { source: string; remotePath: string } => ({
  source: source.archive,
  // In the home of the user who logs in: nobody else can read it, and it survives a reboot.
  remotePath: `.django-server-${site}-${basename(source.archive)}`,
});

function dependenciesStep(site: string, { dependencies }: Source): RemoteStepArgs {
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

function releaseStep(args: SiteArgs, release: string): RemoteStepArgs {
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

function nginxStep({ name, domains, gunicorn, nginx, health }: SiteArgs): RemoteStepArgs {
  return {
    script: "nginx-site",
    args: [name, domains[0] ?? "", health.path, health.status],
    stdin: renderNginxSite({
      ...{ site: name, domains, instances: gunicorn.instances, timeout: gunicorn.timeout, nginx },
    }),
  };
}
