import * as path from "node:path";
import { refuse } from "../problems";
import { count, hasCredentials } from "../text";
import { hostOf } from "./access";
import { runGit } from "./command";
import { fetchCommit, writeFiles, type Place } from "./fetch";
import { succeeded } from "./failure";
import { fetchLargeFiles } from "./largeFiles";
import { isRepositoryUrl, type GitSource } from "./remote";

const deepest = 5;

/**
 * Puts the submodules of a commit into its folder, each at the commit that is pinned, and theirs into them.
 * @returns what a person should know
 * @throws SourceError when one can't be fetched
 */
export async function checkoutSubmodules(
  source: GitSource,
  place: Place,
  cache: string,
  depth = 1,
): Promise<string[]> {
  const pinned = await submodulesOf(place);
  if (pinned.length === 0) return [];
  if (depth > deepest)
    refuse("app.git", `submodules in submodules, ${depth} deep`, `at most ${deepest}`, "Flatten them.");
  const urls = await urlsOf(place);
  const missing = pinned.filter(({ name }) => !urls.has(name)).map(({ name }) => name);
  const inner: string[] = missing.map(
    (name) => `Left out: the submodule ${name}, as .gitmodules has no URL for it.`,
  );
  for (const { name, commit } of pinned.filter((one) => urls.has(one.name))) {
    const below = submoduleSource(source, name, urls.get(name) ?? "");
    const folder = path.join(place.folder, name);
    const at = { repository: await fetchCommit(below, commit, cache), commit, folder };
    await writeFiles(at);
    await fetchLargeFiles(below, at, cache);
    inner.push(...(await checkoutSubmodules(below, at, cache, depth + 1)));
  }
  return [
    `With ${count(pinned.length - missing.length, "submodule")}, at the commits that are pinned.`,
    ...inner,
  ];
}

interface Submodule {
  /** Its path in the tree. */
  name: string;
  commit: string;
}

async function submodulesOf({ repository, commit }: Place): Promise<Submodule[]> {
  const list = ["--git-dir", repository, "ls-tree", "-r", "-z", commit];
  const entries = (await succeeded("git ls-tree", runGit(list, 60))).split("\0");
  return entries
    .map((entry) => /^160000 commit ([0-9a-f]+)\t(.*)$/s.exec(entry))
    .filter((match) => match !== null)
    .map(([, pinned = "", name = ""]) => ({ name, commit: pinned }));
}

/** Path → URL, as .gitmodules has them. */
async function urlsOf({ repository, commit }: Place): Promise<Map<string, string>> {
  const read = ["--git-dir", repository, "config", "--null", "--blob", `${commit}:.gitmodules`, "--list"];
  const { out } = await runGit(read, 20);
  const settings = new Map(out.split("\0").map((line) => line.split(/\n(.*)/s, 2) as [string, string]));
  const paths = [...settings].filter(([key]) => /^submodule\..*\.path$/s.test(key));
  return new Map(
    paths
      .map(([key, name]) => [name, settings.get(key.replace(/path$/, "url"))] as const)
      .filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** Credentials go to the host that they were given for, and nowhere else; nor may a remote name files of this computer. */
function submoduleSource({ git, access }: GitSource, name: string, given: string): GitSource {
  const url = /^\.\.?\//.test(given) ? relativeTo(git, given) : given;
  const local = url.startsWith("file:") && !git.startsWith("file:");
  const secret = hasCredentials(url);
  if (!isRepositoryUrl(url) || local || secret) {
    const fix = "Change its URL in .gitmodules: https://…, ssh://… or one relative to the repository.";
    const where = secret ? "a URL with credentials" : url;
    refuse("app.git", `the submodule ${name} is at ${where}`, "the URL of a git repository", fix);
  }
  const same = hostOf(url) === hostOf(git) && url.startsWith("https:") === git.startsWith("https:");
  return { git: url, ...(same && access && { access }) };
}

/** As git-submodule(1) has it: `../` takes one part off the repository's URL. */
function relativeTo(git: string, relative: string): string {
  let base = git.replace(/\/+$/, "");
  let rest = relative;
  for (let step = /^(\.\.?)\/+/.exec(rest); step; step = /^(\.\.?)\/+/.exec(rest)) {
    rest = rest.slice(step[0].length);
    if (step[1] === "..") base = base.replace(/[/:][^/:]*$/, "");
  }
  return /^[^/]*@[^/:]+$/.test(base) ? `${base}:${rest}` : `${base}/${rest}`;
}
