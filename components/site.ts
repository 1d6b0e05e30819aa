import * as pulumi from "@pulumi/pulumi";

import type { HostSetup } from "./hostSetup";
import type { Machine } from "./machine/machine";
import { type SiteOperations, siteOperations } from "./operations";
import type { Placed } from "./placed/placed";
import { httpsPlaced } from "./placed/https";
import { sitePlaced } from "./placed/site";
import { RemoteStep, type RemoteStepArgs, Upload } from "./remote/remoteStep";
import { renderEnvironment } from "./render/environment";
import { renderFacts } from "./render/facts";
import { type GunicornSettings, renderGunicorn } from "./render/gunicorn";
import type { NginxSettings } from "./render/nginx";
import { renderSupervisor } from "./render/supervisor";
import { siteAddress, siteEnvironment } from "./site/environment";
import { certificateStep, hasHttps, httpsStep, type TlsArgs } from "./site/https";
import { type KeptRelease, releaseSteps } from "./site/release";
import {
  activationFacts,
  fingerprint,
  nginxStep,
  programSettings,
  programStep,
  renderNginx,
  siteFile,
  userStep,
} from "./site/steps";
import type { Source } from "./source";

/** How a release proves that it works, asked of every instance and then through nginx. */
export interface HealthSettings {
  path: string;
  /** The Host header, one of the site's domains. @default the first */
  host?: string | undefined;
  /** Lowest and highest good status, `200-399`. */
  status: string;
  /** Seconds an instance has to become healthy. */
  timeout: number;
}

/** A site that was checked and whose source was read: what `defineSite` returns. */
export interface SiteArgs {
  /** Name of the system user, the folders and the files; lower-case letters, digits and dashes. */
  name: string;
  /** Host names the site answers to, ASCII; the first is the one in its URL. */
  domains: readonly string[];
  /** Host names that are redirected to the first of `domains`. */
  redirects: readonly string[];
  /** What `readSource` found: the release to serve; or one that the machine keeps, to go back to. */
  source: Source | KeptRelease;
  /** Commands that build a release, run by bash in its project folder before it is checked. */
  build: readonly string[];
  /** Folders of the project that outlive releases, relative to it. */
  persistent: readonly string[];
  /** Releases the machine keeps, the one that serves among them. */
  releases: number;
  /** The app's environment variables. */
  environment: Readonly<Record<string, string>>;
  /** Environment variables whose values are secrets: `pulumi.secret({…})`. */
  secretEnvironment: pulumi.Input<Record<string, string>>;
  gunicorn: GunicornSettings;
  nginx: NginxSettings;
  tls: TlsArgs;
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
  /** What its steps placed on the machine. */
  readonly placed: pulumi.Output<Placed[]>;
  /** What it takes to work on it later. */
  readonly operations: pulumi.Output<SiteOperations>;

  constructor(machine: Machine, host: HostSetup, args: SiteArgs, opts?: pulumi.ComponentResourceOptions) {
    const { name, gunicorn } = args;
    super("django-server:index:Site", name, {}, opts);
    const step = (suffix: string, stepArgs: RemoteStepArgs, ...after: pulumi.Resource[]) =>
      new RemoteStep(`${name}-${suffix}`, machine, stepArgs, { parent: this, dependsOn: after });
    const release = releaseSteps(args);
    const releasePart = (...after: pulumi.Resource[]) => ({
      ...release.options,
      parent: this,
      dependsOn: after,
    });
    const site = siteAddress(args, machine);

    const user = step("user", userStep(name, machine), host.scripts);
    const environment = site.apply(({ url }) => renderEnvironment(siteEnvironment(args, url)));
    const environmentFile = step("environment", siteFile(name, "environment", environment), user);
    const secrets = pulumi.secret(args.secretEnvironment).apply(renderEnvironment);
    const secretsFile = step("secrets", siteFile(name, "secrets", secrets), user);
    const gunicornText = renderGunicorn(name, gunicorn);
    const gunicornFile = step("gunicorn", siteFile(name, "gunicorn.conf.py", gunicornText), user);

    const upload = new Upload(`${name}-upload`, machine, release.upload, releasePart(host.scripts));
    const dependencies = new RemoteStep(
      `${name}-dependencies`,
      machine,
      release.dependencies,
      releasePart(host.python, user),
    );
    const prepared = [host.packages, upload, dependencies, environmentFile, secretsFile];
    const built = new RemoteStep(`${name}-release`, machine, release.release, releasePart(...prepared));
    const program = renderSupervisor(programSettings(args));
    const programFile = step("program", programStep(name, program), host.supervisor, user);
    const facts = pulumi.all([environment, secretsFile.stdout]).apply(([text, secretsFingerprint]) =>
      renderFacts({
        ...activationFacts(args),
        environment: fingerprint(text),
        secrets: secretsFingerprint.trim(),
        gunicorn: fingerprint(gunicornText),
        program: fingerprint(program),
      }),
    );
    const run = { script: "activate", args: [name, release.id], stdin: facts } as const;
    const activation = step("activate", run, built, programFile, gunicornFile);
    const nginx = renderNginx(args, site);
    const nginxSite = step("nginx-site", nginxStep(args, nginx.http), activation, host.nginx);
    // An ACME server asks for its challenges by HTTP.
    const certificate =
      hasHttps(args) &&
      step(
        "certificate",
        certificateStep(args, machine),
        args.tls.kind === "acme" ? nginxSite : user,
        host.packages,
      );
    if (hasHttps(args) && certificate)
      step("https", httpsStep(args, nginx.https), certificate, nginxSite, host.https);

    this.url = site.url;
    this.release = activation.create.apply(() => release.id);
    this.status = activation.stdout.apply((text) => text.trim().split("\n"));
    this.operations = site.apply(({ url }) => siteOperations(args, url));
    this.placed = pulumi
      .all([environment, secretsFile.stdout, user.stdout, nginx, certificate ? certificate.stdout : ""])
      .apply(([environmentText, secretsSum, own, texts, certificateSum]) => [
        ...sitePlaced({
          ...{ site: name, instances: gunicorn.instances, release: release.id },
          ...{ environment: environmentText, gunicorn: gunicornText, program, nginx: texts.http },
          ...{ secrets: secretsSum, own },
        }),
        ...(hasHttps(args) ? httpsPlaced(args, texts.https, certificateSum) : []),
      ]);
    this.registerOutputs({ url: this.url, release: this.release, status: this.status });
  }
}
