import { refuse } from "../problems";
import { list } from "../text";
import { withAccess } from "./access";
import { runGit } from "./command";
import { writeFiles, type Place } from "./fetch";
import type { GitSource } from "./remote";

/**
 * Puts the content of a commit's files that Git LFS holds in the place of their pointers. The cached repository keeps it.
 * @throws SourceError when there are such files and git-lfs is not installed
 */
export async function fetchLargeFiles(source: GitSource, place: Place, cache: string): Promise<void> {
  const pointers = await pointersIn(place);
  if (pointers.length === 0) return;
  if ((await runGit(["lfs", "version"], 20)).code !== 0) {
    const value = `${list(pointers, 3)} in Git LFS, which is not installed`;
    refuse("app.git", value, "git-lfs on this computer", "Install it: apt install git-lfs.");
  }
  const filter = ["filter.lfs.process=git-lfs filter-process", "filter.lfs.required=true"];
  await withAccess(source, cache, ({ options = [], env = {} }) =>
    writeFiles(place, {
      options: [...options, ...filter, `remote.origin.url=${source.git}`],
      env: { ...env, GIT_LFS_SKIP_SMUDGE: "0" },
    }),
  );
}

/** Files that .gitattributes gives to LFS and that are its pointers; others only look like one. */
async function pointersIn({ repository, folder }: Place): Promise<string[]> {
  const search = ["-C", folder, "grep", "--no-index", "--files-with-matches", "-z"];
  const pattern = "^version https://git-lfs.github.com/spec/v1$";
  const { out } = await runGit([...search, "-e", pattern, "--", "."], 60);
  const names = out.split("\0").filter(Boolean);
  if (names.length === 0) return [];
  const tree = ["-C", folder, "--git-dir", repository, "--work-tree", folder];
  const attributes = await runGit([...tree, "check-attr", "-z", "filter", "--", ...names.slice(0, 1000)], 20);
  const fields = attributes.out.split("\0");
  return names.filter((name) => fields.some((field, at) => field === name && fields[at + 2] === "lfs"));
}
