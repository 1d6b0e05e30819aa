import * as path from "node:path";
import type { AppInterface } from "./application";
import { checkSize, writeArchive } from "./archive";
import { contentHash, fileHash } from "./contentHash";
import { readDependencies, type Dependencies } from "./dependencies";
import { findDjango } from "./django";
import type { Folder } from "./folder";
import { privateKeysIn } from "./privateKeys";
import { Problems, refuse, SourceError, type Problem } from "./problems";
import { Project } from "./project";
import { openRelease, type AppSource, type ReleaseOptions } from "./release";
import { count, size } from "./text";

export type { AppInterface } from "./application";
export type { Dependencies, DependencyKind } from "./dependencies";
export type { GitAccess } from "./git/access";
export type { GitSource } from "./git/remote";
export type { ArchiveSource } from "./prebuilt/source";
export type { AppSource, FolderSource } from "./release";
export { SourceError, type Problem };

/** A Django project, and what it does not tell by itself. */
export interface SourceArgs {
  app: AppSource;
  /** The subfolder that holds manage.py. @default the app's top */
  root?: string;
  /** What the app is served by. @default wsgi */
  interface?: AppInterface;
  /** @default what wsgi.py (asgi.py, where it is served by ASGI), else manage.py names */
  settingsModule?: string;
  /** `package.module:name`. @default WSGI_APPLICATION in the settings, else the wsgi.py beside them */
  wsgiModule?: string;
  /** The same for ASGI. @default ASGI_APPLICATION in the settings, else the asgi.py beside them */
  asgiModule?: string;
  /** The dependency file that counts. @default the only one */
  dependencies?: string;
}

export interface SourceOptions extends ReleaseOptions {
  /** The first part of archive names, such as STACK-SITE; old archives are removed per label. */
  label: string;
}

/** A release, and all that was learnt about it. */
export interface Source {
  /** 12 hex digits: of the content for a folder, the commit's first for git, the sum's first for an archive. */
  releaseId: string;
  /** The .tar.gz, relative to the working directory when below it. */
  archive: string;
  /** sha256 of the archive's bytes, hexadecimal: the machine compares it before it unpacks. */
  archiveSha256: string;
  /** For a person: `folder examples/wepynaire, 31 files, 42 kB`. */
  origin: string;
  /** The subfolder with manage.py, "" for the top. */
  projectRoot: string;
  settingsModule: string;
  /** What gunicorn serves: `mysite.wsgi:application`. */
  application: string;
  dependencies: Dependencies;
  /** Sentences for the preview: what was chosen, and what was left out. */
  findings: string[];
  /** Sentences for the preview: what a person should not overlook, such as uncommitted changes. */
  warnings: string[];
}

/**
 * Learns all that is to be known of a Django project before anything is changed, and packs its release.
 * @throws SourceError with every mistake found
 */
export async function readSource(args: SourceArgs, options: SourceOptions): Promise<Source> {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(options.label))
    throw new Error(`label ${options.label} is no safe file name`);
  const root = normalRoot(args.root);
  const release = await openRelease(args.app, options);
  try {
    const learnt = await learn(release.folder, root, args);
    const hash = await contentHash(release.folder);
    const id = (release.id ?? hash).slice(0, 12);
    const archive = await writeArchive(release.folder, hash, { ...options, id });
    const { findings, ...facts } = learnt;
    const { entries } = release.folder;
    const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
    return {
      releaseId: id,
      archive: fromWorkingDirectory(archive),
      archiveSha256: await fileHash(archive),
      origin: `${release.origin}, ${count(entries.length, "file")}, ${size(bytes)}`,
      projectRoot: root,
      ...facts,
      findings: [...release.findings, ...release.folder.findings, ...findings],
      warnings: [...release.warnings, ...(await privateKeysIn(release.folder))],
    };
  } finally {
    await release.remove?.();
  }
}

type Learnt = Pick<Source, "settingsModule" | "application" | "dependencies" | "findings">;

async function learn(folder: Folder, root: string, args: SourceArgs): Promise<Learnt> {
  const problems = new Problems();
  const project = new Project(folder, root);
  const large = await problems.collect(() => checkSize(folder.entries));
  const django = await findDjango(project, args, problems);
  const found = await problems.collect(() => readDependencies(project, args));
  problems.throwIfAny();
  if (django === undefined || found === undefined)
    throw new Error("a project without facts and without problems");
  const { findings, ...dependencies } = found;
  const { settingsModule, application } = django;
  return {
    settingsModule,
    application,
    dependencies,
    findings: [...(large ?? []), ...django.findings, ...findings],
  };
}

function normalRoot(root = ""): string {
  const normal = path.posix.normalize(root).replace(/\/$/, "");
  if (path.posix.isAbsolute(normal) || normal === ".." || normal.startsWith("../")) {
    refuse("app.root", root, "a subfolder of the app", "Set app.root relative to the app, such as src.");
  }
  return normal === "." ? "" : normal;
}

function fromWorkingDirectory(file: string): string {
  const relative = path.relative(process.cwd(), path.resolve(file));
  return relative.startsWith("..") || path.isAbsolute(relative) ? path.resolve(file) : relative;
}
