import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { runGit } from "./command";
import { succeeded } from "./failure";
import { fetchCommit, writeFiles, type Place } from "./fetch";
import type { GitSource } from "./remote";
import { checkoutSubmodules } from "./submodules";

/** A commit's files in a folder of their own. */
export interface Checkout {
  folder: string;
  /** What a person should know: the commit's date and subject, submodules, files that are missing. */
  findings: string[];
  /** Removes the folder. */
  remove: () => Promise<void>;
}

/**
 * The files of one commit and of its submodules. Commits are cached below `cache`, so that a known one needs no network.
 * @throws SourceError when the commit or a submodule can't be fetched
 */
export async function checkoutCommit(source: GitSource, commit: string, cache: string): Promise<Checkout> {
  const folder = await mkdtemp(path.join(tmpdir(), "django-server-source-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const repository = await fetchCommit(source, commit, cache);
    const place = { repository, commit, folder };
    await writeFiles(place);
    const submodules = await checkoutSubmodules(source, place, cache);
    return { folder, findings: [await describe(place), ...submodules, ...(await lfs(folder))], remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function describe({ repository, commit }: Place): Promise<string> {
  const log = ["--git-dir", repository, "log", "-1", "--format=%cs%x09%s", commit];
  const [date = "", subject = ""] = (await succeeded("git log", runGit(log, 20))).trim().split("\t");
  return `Commit ${commit.slice(0, 12)} of ${date}: ${subject}`;
}

/** Files are sent as git has them: where LFS holds the content, that is a pointer. */
async function lfs(folder: string): Promise<string[]> {
  const pointers = ["-C", folder, "grep", "--no-index", "--files-with-matches", "-z", "--max-depth=20"];
  const pattern = "^version https://git-lfs.github.com/spec/v1$";
  const { out } = await runGit([...pointers, "-e", pattern, "--", "."], 60);
  const names = out.split("\0").filter(Boolean);
  if (names.length === 0) return [];
  const more = names.length > 1 ? ` and ${names.length - 1} more` : "";
  return [`${names[0] ?? ""}${more}: only pointers, as their content is in Git LFS, which is not fetched.`];
}
