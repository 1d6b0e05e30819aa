import { stat } from "node:fs/promises";
import * as path from "node:path";
import { listFolder, type Folder } from "./folder";
import { checkoutCommit } from "./git/checkout";
import { gitProblems, resolveCommit, type GitSource } from "./git/remote";
import { describeCheckout } from "./git/state";
import { archiveProblems, shownUrl, type ArchiveSource } from "./prebuilt/source";
import { unpackArchive } from "./prebuilt/unpack";
import { refuse, SourceError, type Problem } from "./problems";

/** A folder of this computer. */
export interface FolderSource {
  /** Absolute, or relative to the base. */
  path: string;
}

export type AppSource = FolderSource | GitSource | ArchiveSource;

/** Where to read from, and where to keep what was read. */
export interface ReleaseOptions {
  /** The absolute folder that relative paths start from. */
  base: string;
  /** Where archives and fetched commits are kept; made when missing, for its owner only. */
  archiveFolder: string;
  /** Told what takes long and how far it is. @default nobody */
  say?: (text: string) => void;
}

/** A release's files before anything is known of them. */
export interface Release {
  folder: Folder;
  /** The commit, or the archive's sum; undefined for a folder, whose content is its id. */
  id?: string;
  origin: string;
  findings: string[];
  warnings: string[];
  remove?: () => Promise<void>;
}

/** @throws SourceError */
export async function openRelease(app: AppSource, options: ReleaseOptions): Promise<Release> {
  if ("git" in app) return openCommit(app, options);
  return "archive" in app ? openArchive(app, options) : openFolder(app, options);
}

async function openFolder(app: FolderSource, { base, archiveFolder }: ReleaseOptions): Promise<Release> {
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

async function openCommit(app: GitSource, { archiveFolder }: ReleaseOptions): Promise<Release> {
  refuseAny(gitProblems(app));
  const cache = path.join(path.resolve(archiveFolder), "git");
  const commit = await resolveCommit(app, cache);
  const checkout = await checkoutCommit(app, commit, cache);
  const origin = `git ${app.git} ${app.ref ?? "HEAD"} = ${commit.slice(0, 12)}`;
  return whole(checkout, { id: commit, origin, findings: checkout.findings, warnings: [] });
}

async function openArchive(app: ArchiveSource, options: ReleaseOptions): Promise<Release> {
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
