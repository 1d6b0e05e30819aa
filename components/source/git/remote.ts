import { mkdtemp, rm } from "node:fs/promises";
import * as path from "node:path";
import { refuse, type Problem } from "../problems";
import { hasCredentials } from "../text";
import { withAccess, type GitAccess } from "./access";
import { runGit, type Surroundings } from "./command";
import { succeeded, unknownRef } from "./failure";
import { cachedCommits } from "./fetch";

/** A branch, tag or commit of a remote repository. */
export interface GitSource {
  /** https, ssh or file URL, or `user@host:path`; without credentials. */
  git: string;
  /** Branch, tag or commit, of 7 digits or more. @default the remote's HEAD */
  ref?: string;
  access?: GitAccess;
}

const fullCommit = /^[0-9a-f]{40}$/;
const shortCommit = /^[0-9a-f]{7,39}$/;

/** Whether a text is the URL of a repository, and no option, odd transport or shell word. */
export const isRepositoryUrl = (url: string): boolean =>
  /^(https|ssh|file):\/\/[^\s-][^\s]*$/.test(url) || /^\w[\w.-]*@\w[\w.-]*:[^\s:-][^\s]*$/.test(url);

/** What is wrong with the URL and the ref, told without the network. */
export function gitProblems({ git, ref, access = {} }: GitSource): Problem[] {
  const problems: Problem[] = [];
  if (hasCredentials(git)) {
    const fix = "Remove them, then: pulumi config set --secret gitToken (or deployKey, for an ssh URL).";
    problems.push({ key: "app.git", value: "a URL with credentials", expected: "a URL without", fix });
  } else if (!isRepositoryUrl(git)) {
    const fix = "Set app.git: https://…, ssh://…, user@host:path or file:///….";
    problems.push({ key: "app.git", value: git, expected: "the URL of a git repository", fix });
  } else {
    problems.push(...needless(git, access));
  }
  // What git-check-ref-format(1) forbids, and options.
  if (ref !== undefined && !/^(?!-)(?!.*(\.\.|@\{|\/\/|\/$|\.$))[^\s~^:?*[\\\p{Cc}]+$/u.test(ref)) {
    const fix = "Set app.ref to a branch such as main, a tag or a commit.";
    problems.push({ key: "app.ref", value: JSON.stringify(ref), expected: "a branch, tag or commit", fix });
  }
  return problems;
}

/** A secret that would not be used is most likely meant for something else. */
function needless(git: string, { deployKey, hostKey, token }: GitAccess): Problem[] {
  const https = git.startsWith("https:");
  const ssh = !https && !git.startsWith("file:");
  const unused = [
    ...(deployKey !== undefined && !ssh ? ["deployKey"] : []),
    ...(hostKey !== undefined && !ssh ? ["app.gitHostKey"] : []),
    ...(token !== undefined && !https ? ["gitToken"] : []),
  ];
  return unused.map((key) => ({
    ...{ key, value: "given", expected: `no such key for ${git}` },
    fix: `Remove it, or give an ${key === "gitToken" ? "https" : "ssh"} URL as app.git.`,
  }));
}

/**
 * The commit that a ref stands for now: 40 hex digits. Annotated tags are followed to their commit; a branch wins
 * over a tag of the same name, and both over a commit's first digits.
 * @param cache the absolute folder of commits that are known already
 * @throws SourceError when the repository can't be reached or has no such ref
 */
export async function resolveCommit(source: GitSource, cache: string): Promise<string> {
  const { git, ref } = source;
  if (ref !== undefined && fullCommit.test(ref)) return ref;
  return withAccess(source, cache, async (surroundings) => {
    const listing = await succeeded(git, runGit(["ls-remote", "--", git], 30, surroundings));
    const lines = listing.split("\n").map((line) => line.split("\t"));
    const refs = new Map(lines.map(([commit = "", name = ""]) => [name, commit]));
    const names =
      ref === undefined ? ["HEAD"] : [`refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`, ref];
    const commit = names.map((name) => refs.get(name)).find((found) => found !== undefined);
    if (commit !== undefined) return commit;
    if (ref === undefined) {
      const fix = "Set app.ref, or push a commit first.";
      return refuse("app.git", `${git} has no HEAD`, "a repository with commits", fix);
    }
    if (!shortCommit.test(ref)) return unknownRef(git, ref, [...refs.keys()]);
    const known = (await cachedCommits(git, cache)).filter((found) => found.startsWith(ref));
    if (known.length === 1 && known[0] !== undefined) return known[0];
    return (await commitFrom(git, ref, cache, surroundings)) ?? unknownRef(git, ref, [...refs.keys()]);
  });
}

/** The commit with these first digits. Its repository's history is fetched for it, where possible without files. */
async function commitFrom(
  git: string,
  digits: string,
  cache: string,
  surroundings: Surroundings,
): Promise<string | undefined> {
  const folder = await mkdtemp(path.join(cache, "partial-history-"));
  try {
    const inside = ["--git-dir", folder];
    await succeeded(git, runGit(["init", "--quiet", "--bare", "--template=", folder], 20));
    const refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"];
    const fetch = [...inside, "fetch", "--quiet", "--filter=tree:0", "--", git, ...refs];
    await succeeded(git, runGit(fetch, 300, surroundings));
    const { code, out, err } = await runGit([...inside, "rev-parse", "--verify", `${digits}^{commit}`], 20);
    if (/ambiguous/.test(err))
      refuse("app.ref", `${digits} begins several commits`, "one commit", "Give more of its digits.");
    return code === 0 ? out.trim() : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
