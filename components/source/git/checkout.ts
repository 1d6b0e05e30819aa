import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { runGit } from "./command";
import { succeeded } from "./failure";
import { fetchCommit, writeFiles, type Place } from "./fetch";
import { fetchLargeFiles } from "./largeFiles";
import type { GitSource } from "./remote";
import { printable } from "../text";
import { checkoutSubmodules } from "./submodules";

/** A commit's files in a folder of their own. */
export interface Checkout {
  folder: string;
  /** What a person should know: the commit's date and subject, submodules. */
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
    await fetchLargeFiles(source, place, cache);
    const submodules = await checkoutSubmodules(source, place, cache);
    return { folder, findings: [await describe(place), ...submodules], remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function describe({ repository, commit }: Place): Promise<string> {
  const log = ["--git-dir", repository, "log", "-1", "--format=%cs%x09%s", commit];
  const [date = "", subject = ""] = (await succeeded("git log", runGit(log, 20))).trim().split(/\t(.*)/s, 2);
  return `Commit ${commit.slice(0, 12)} of ${date}: ${printable(subject)}`;
}
