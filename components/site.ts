import * as pulumi from "@pulumi/pulumi";

import type { HostSetup } from "./hostSetup";
import type { Machine } from "./machine/machine";
import { type SiteOperations, siteOperations } from "./operations";
import type { Placed } from "./placed/placed";
import { httpsPlaced } from "./placed/https";
import { sitePlaced } from "./placed/site";
import { RemoteStep, type RemoteStepArgs, Upload } from "./remote/remoteStep";
import { scripts } from "./remote/scripts";
import { renderFacts } from "./render/facts";
import { renderGunicorn } from "./render/gunicorn";
import { renderSupervisor } from "./render/supervisor";
import type { SiteArgs } from "./site/args";
import { backupFiles, backupSecretsStep, backupStep } from "./site/backup";
import { besideFacts, besideSteps, besideWeb } from "./site/beside";
import { environmentText, secretsText, siteAddress } from "./site/environment";
import { certificateStep, hasHttps, httpsStep } from "./site/https";
import { releaseSteps } from "./site/release";
import { serviceFingerprints, servicesPlaced, serviceSteps } from "./site/services";
import {
  activationFacts,
  fingerprint,
  nginxStep,
  programSettings,
  programStep,
  renderNginx,
  siteFile,
  superuserStep,
  userStep,
} from "./site/steps";

/** One Django site on a prepared machine: its release, its gunicorn instances, its nginx site. */
export class Site extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  /** The release that serves: the source's id and a short hash of what it was built with. */
  readonly release: pulumi.Output<string>;
  /** What supervisor said of each instance, and of what runs beside them, when the site was last activated. */
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

    const user = step("user", userStep(args, machine), host.scripts);
    const environment = site.apply(({ url }) => environmentText(args, url, host));
    const environmentFile = step("environment", siteFile(name, "next/environment", environment), user);
    const secretsFile = step("secrets", siteFile(name, "next/secrets", secretsText(args, host)), user);
    const superuserFile =
      args.superuser && step("superuser", superuserStep(name, machine, args.superuser), user);
    const services = Object.entries(serviceSteps(args, machine)).map(([service, stepArgs]) => {
      const after = service === "postgresql" ? [host.packages, ...host.postgresql] : host.reachable;
      return [service, step(service, stepArgs, user, ...after)] as const;
    });
    const serviceSums = Object.fromEntries(services.map(([service, { stdout }]) => [service, stdout]));
    const gunicornText = renderGunicorn(name, gunicorn, scripts["asgi-worker"].path);
    const gunicornFile = step("gunicorn", siteFile(name, "next/gunicorn.conf.py", gunicornText), user);

    const upload = new Upload(`${name}-upload`, machine, release.upload, releasePart(host.scripts));
    const dependencies = new RemoteStep(
      `${name}-dependencies`,
      machine,
      release.dependencies,
      releasePart(host.python, user),
    );
    const files = [environmentFile, secretsFile, ...services.map(([, done]) => done)];
    const prepared = [host.packages, upload, dependencies, ...files];
    const built = new RemoteStep(`${name}-release`, machine, release.release, releasePart(...prepared));
    const program = renderSupervisor(programSettings(args));
    const programFile = step("program", programStep(name, program), host.supervisor, user);
    const beside = besideWeb(args, machine);
    const besideFiles = besideSteps(name, beside).map(([suffix, stepArgs]) =>
      step(suffix, stepArgs, host.supervisor, user),
    );
    const said = pulumi.all([environment, secretsFile.stdout, serviceSums]);
    const facts = said.apply(([text, secretsFingerprint, ofServices]) =>
      renderFacts({
        ...activationFacts(args),
        environment: fingerprint(text),
        secrets: secretsFingerprint.trim(),
        ...serviceFingerprints(ofServices),
        gunicorn: fingerprint(gunicornText),
        program: fingerprint(program),
        ...besideFacts(beside),
      }),
    );
    const run = { script: "activate", args: [name, release.id], stdin: facts } as const;
    const activated = [
      built,
      programFile,
      gunicornFile,
      ...besideFiles,
      ...(superuserFile ? [superuserFile] : []),
    ];
    const activation = step("activate", run, ...activated);
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
    const backup = backupFiles(args);
    const backupSecrets =
      args.backup.s3 &&
      step("backup-secrets", backupSecretsStep(name, pulumi.secret(args.backupSecrets)), user);
    step("backup", backupStep(name, backup), host.packages, backupSecrets ?? user);

    this.url = site.url;
    this.release = activation.create.apply(() => release.id);
    this.status = activation.stdout.apply((text) => text.trim().split("\n"));
    this.operations = site.apply(({ url }) => siteOperations(args, url));
    this.placed = pulumi
      .all([
        ...([environment, secretsFile.stdout, user.stdout, superuserFile?.stdout] as const),
        ...([serviceSums, nginx, certificate ? certificate.stdout : "", backupSecrets?.stdout] as const),
      ])
      .apply(([text, secretsSum, own, superuserSum, ofServices, texts, certificateSum, backupSum]) => [
        ...sitePlaced({
          ...{ site: name, instances: gunicorn.instances, release: release.id },
          ...{ environment: text, gunicorn: gunicornText, program, nginx: texts.http, beside },
          ...{ secrets: secretsSum, own, backup, backupSecrets: backupSum },
          ...(superuserSum !== undefined && { superuser: superuserSum }),
        }),
        ...servicesPlaced(args, ofServices),
        ...(hasHttps(args) ? httpsPlaced(args, texts.https, certificateSum) : []),
      ]);
    this.registerOutputs({ url: this.url, release: this.release, status: this.status });
  }
}
