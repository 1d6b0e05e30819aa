import { createHash } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import type { RemoteStepArgs, UploadArgs } from "../remote/remoteStep";
import { scripts } from "../remote/scripts";
import { renderFacts, renderFiles } from "../render/facts";
import type { SiteArgs } from "./args";
import type { Source } from "../source";
import { poetry, serverRequirements, uv } from "../versions";

/** A release to go back to, which the machine still keeps: its source is not read. */
export interface KeptRelease {
  /** Its id, as the output `release` named it. */
  kept: string;
}

/** What brings a release onto the machine, beside the one that serves. */
export interface ReleaseSteps {
  id: string;
  upload: UploadArgs;
  dependencies: RemoteStepArgs;
  release: RemoteStepArgs;
  options: pulumi.CustomResourceOptions;
}

export const isKept = (source: Source | KeptRelease): source is KeptRelease => "kept" in source;

export function releaseSteps(args: SiteArgs): ReleaseSteps {
  const { name, source } = args;
  if (isKept(source)) return keptRelease(name, source.kept);
  const id = releaseId(args, source);
  return {
    id,
    upload: { source: new pulumi.asset.FileAsset(source.archive), remotePath: archivePath(name, id) },
    dependencies: dependenciesStep(args, source),
    release: releaseStep(args, source, id),
    options: {},
  };
}

/**
 * The steps stay what they were when they last ran, so that the preview shows nothing but the way back, and the way
 * forward again finds them done. Where they never ran, they see that the release is there.
 */
function keptRelease(site: string, id: string): ReleaseSteps {
  const present: RemoteStepArgs = { script: "release", args: [site, id] };
  return {
    id,
    upload: { source: new pulumi.asset.StringAsset("nothing to send\n"), remotePath: "/dev/null" },
    dependencies: present,
    release: present,
    options: { ignoreChanges: ["*"] },
  };
}

/**
 * All that builds a release. Files that come out of the archive have no age, by which gettext's output would pass for up
 * to date; translations of packages that a build command has fetched are not the app's.
 */
const buildCommands = ({ build, compileMessages }: SiteArgs): readonly string[] => [
  ...build,
  ...(compileMessages
    ? [
        `find "\${VIRTUAL_ENV%/*}/app" -name '*.po' -exec touch {} +`,
        "python manage.py compilemessages --ignore venv --ignore .venv --ignore node_modules",
      ]
    : []),
];

/** The same source built otherwise is another release. */
function releaseId(args: SiteArgs, source: Source): string {
  const { releaseId: id, dependencies, projectRoot, settingsModule, application } = source;
  const parts = [dependencies.id, projectRoot, settingsModule, application, args.persistent.join(" ")];
  const built = [...parts, ...buildCommands(args)];
  return `${id}-${createHash("sha256").update(built.join("\n")).digest("hex").slice(0, 4)}`;
}

/** In the home of the user who logs in: nobody else can read it, and it survives a reboot. */
const archivePath = (site: string, id: string): string => `.django-server-${site}-${id}.tar.gz`;

function dependenciesStep({ name, interface: gateway }: SiteArgs, { dependencies }: Source): RemoteStepArgs {
  const tools = {
    ...(dependencies.kind === "poetry" && {
      "poetry.txt": poetry.tool,
      "poetry-export.txt": poetry.exporter,
    }),
    "server.txt": serverRequirements[gateway],
  };
  return {
    script: "dependencies",
    args: [name, dependencies.id, dependencies.kind, `/opt/django-server/uv-${uv.version}/bin/uv`],
    stdin: renderFiles({ ...dependencies.files, ...tools }),
  };
}

function releaseStep(args: SiteArgs, source: Source, id: string): RemoteStepArgs {
  const { name, nginx, persistent, releases } = args;
  return {
    shown: true,
    script: "release",
    args: [name, id],
    stdin: renderFacts({
      archive: archivePath(name, id),
      sha256: source.archiveSha256,
      venv: source.dependencies.id,
      root: source.projectRoot,
      settings: source.settingsModule,
      interface: args.interface,
      application: source.application,
      origin: source.origin,
      ...Object.fromEntries(buildCommands(args).map((command, index) => [`build_${index + 1}`, command])),
      persistent: persistent.join(" "),
      releases,
      dependencies: scripts.dependencies.path,
      exec: scripts["site-exec"].path,
      prepare: scripts.prepare.path,
      static_url: nginx.staticUrl,
      media_url: nginx.mediaUrl,
    }),
  };
}
