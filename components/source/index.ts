import { stat } from "node:fs/promises";
import * as path from "node:path";
import { checkSize, contentHash, fileHash, writeArchive } from "./archive";
import { readDependencies, type Dependencies } from "./dependencies";
import { findDjango } from "./django";
import { listFolder, type Folder } from "./folder";
import { checkoutCommit } from "./git/checkout";
import { gitProblems, resolveCommit, type GitSource } from "./git/remote";
import { describeCheckout } from "./git/state";
import { archiveProblems, shownUrl, type ArchiveSource } from "./prebuilt/source";
import { unpackArchive } from "./prebuilt/unpack";
import { Problems, refuse, SourceError, type Problem } from "./problems";
import { Project } from "./project";
import { count, size } from "./text";

export type { Dependencies, DependencyKind } from "./dependencies";
export type { GitAccess } from "./git/access";
export type { GitSource } from "./git/remote";
export type { ArchiveSource } from "./prebuilt/source";
export { SourceError, type Problem };

/** A folder of this computer. */
export interface FolderSource {
  /** Absolute, or relative to the base. */
  path: string;
}

export type AppSource = FolderSource | GitSource | ArchiveSource;

/** A Django project, and what it does not tell by itself. */
export interface SourceArgs {
  app: AppSource;
  /** The subfolder that holds manage.py. @default the app's top */
  root?: string;
  /** @default what wsgi.py, else manage.py names */
  settingsModule?: string;
  /** `package.module:name`. @default WSGI_APPLICATION in the settings, else the wsgi.py beside them */
  wsgiModule?: string;
  /** The dependency file that counts. @default the only one */
  dependencies?: string;
}

export interface SourceOptions {
  /** The absolute folder that relative paths start from. */
  base: string;
  /** Where archives and fetched commits are kept; made when missing, for its owner only. */
  archiveFolder: string;
  /** The first part of archive names, such as STACK-SITE; old archives are removed per label. */
  label: string;
  /** Told what takes long and how far it is. @default nobody */
  say?: (text: string) => void;
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
  /** `mysite.wsgi:application`. */
  wsgiModule: string;
  dependencies: Dependencies;
  /** Sentences for the preview: what was chosen, and what was left out. */
  findings: string[];
  /** Sentences for the preview: what a person should not overlook, such as uncommitted changes. */
  warnings: string[];
}

/** A release's files before anything is known of them. */
interface Release {
  folder: Folder;
  /** The commit, or the archive's sum; undefined for a folder, whose content is its id. */
  id?: string;
  origin: string;
  findings: string[];
  warnings: string[];
  remove?: () => Promise<void>;
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
      warnings: release.warnings,
    };
  } finally {
    await release.remove?.();
  }
}

type Learnt = Pick<Source, "settingsModule" | "wsgiModule" | "dependencies" | "findings">;

async function learn(folder: Folder, root: string, args: SourceArgs): Promise<Learnt> {
  const problems = new Problems();
  const project = new Project(folder, root);
  const large = await problems.collect(() => checkSize(folder.entries));
  const django = await findDjango(project, args, problems);
  const found = await problems.collect(() => readDependencies(project, args.dependencies));
  problems.throwIfAny();
  if (django === undefined || found === undefined)
    throw new Error("a project without facts and without problems");
  const { findings, ...dependencies } = found;
  const { settingsModule, wsgiModule } = django;
  return {
    settingsModule,
    wsgiModule,
    dependencies,
    findings: [...(large ?? []), ...django.findings, ...findings],
  };
}

async function openRelease(app: AppSource, options: SourceOptions): Promise<Release> {
  if ("git" in app) return openCommit(app, options);
  return "archive" in app ? openArchive(app, options) : openFolder(app, options);
}

async function openFolder(app: FolderSource, { base, archiveFolder }: SourceOptions): Promise<Release> {
  const absolute = path.resolve(base, app.path);
  const found = await stat(absolute).catch(() => undefined);
  if (!found?.isDirectory()) {
    const what = found ? "is no folder" : "does not exist";
    refuse(
      "app.path",
      `${app.path} ${what} (${absolute})`,
      "the folder of a Django project",
      "Correct app.path.",
    );
  }
  const folder = await listFolder(absolute, { except: [path.resolve(archiveFolder)] });
  const sent = folder.entries.map((entry) => entry.path);
  return { folder, origin: `folder ${app.path}`, ...(await describeCheckout(absolute, sent)) };
}

async function openCommit(app: GitSource, { archiveFolder }: SourceOptions): Promise<Release> {
  refuseAny(gitProblems(app));
  const cache = path.join(path.resolve(archiveFolder), "git");
  const commit = await resolveCommit(app, cache);
  const checkout = await checkoutCommit(app, commit, cache);
  const origin = `git ${app.git} ${app.ref ?? "HEAD"} = ${commit.slice(0, 12)}`;
  return whole(checkout, { id: commit, origin, findings: checkout.findings, warnings: [] });
}

async function openArchive(app: ArchiveSource, options: SourceOptions): Promise<Release> {
  refuseAny(archiveProblems(app));
  const { base, archiveFolder, say = () => undefined } = options;
  const unpacked = await unpackArchive(app, base, path.join(archiveFolder, "prebuilt"), say);
  const shown = shownUrl(app.archive);
  const finding = `The archive ${shown} has the sum ${app.sha256}.`;
  const facts = { id: app.sha256, origin: `archive ${shown}`, findings: [finding], warnings: [] };
  return whole(unpacked, facts);
}

/** All of a folder that was made for this, which goes when it has been read. */
async function whole(
  { folder, remove }: { folder: string; remove: () => Promise<void> },
  facts: Omit<Release, "folder" | "remove">,
): Promise<Release> {
  try {
    return { ...facts, folder: await listFolder(folder, { gitignore: false }), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

function refuseAny(problems: Problem[]): void {
  if (problems.length > 0) throw new SourceError(problems);
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
