import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { runGit, type Answer } from "./gitCommand";
import { refuse, type Problem } from "./problems";
import { keepNewest } from "./retention";
import { count, hasCredentials, list } from "./text";

/** A branch, tag or commit of a remote repository. */
export interface GitSource {
  /** https, ssh or file URL, or `user@host:path`; without credentials. */
  git: string;
  /** Branch, tag or full commit. @default the remote's HEAD */
  ref?: string;
}

/** A commit's files in a folder of their own. */
export interface Checkout {
  folder: string;
  findings: string[];
  /** Removes the folder. */
  remove: () => Promise<void>;
}

const CACHED_COMMITS = 3;
const FULL_COMMIT = /^[0-9a-f]{40}$/;

/** What is wrong with the URL and the ref, told without the network. Keeps options and odd transports out of git. */
export function gitProblems({ git, ref }: GitSource): Problem[] {
  const problems: Problem[] = [];
  if (hasCredentials(git)) {
    const fix = "Remove them; use an ssh URL with a deploy key, or git's credential store.";
    problems.push({ key: "app.git", value: "a URL with credentials", expected: "a URL without", fix });
  } else if (
    !/^(https|ssh|file):\/\/[^\s-][^\s]*$/.test(git) &&
    !/^\w[\w.-]*@\w[\w.-]*:[^\s:-][^\s]*$/.test(git)
  ) {
    const fix = "Set app.git: https://…, ssh://…, user@host:path or file:///….";
    problems.push({ key: "app.git", value: git, expected: "the URL of a git repository", fix });
  }
  // What git-check-ref-format(1) forbids, and options.
  if (ref !== undefined && !/^(?!-)(?!.*(\.\.|@\{|\/\/|\/$|\.$))[^\s~^:?*[\\\p{Cc}]+$/u.test(ref)) {
    const fix = "Set app.ref to a branch such as main, a tag or a full commit.";
    problems.push({ key: "app.ref", value: JSON.stringify(ref), expected: "a branch, tag or commit", fix });
  }
  return problems;
}

/**
 * The commit that a ref stands for now: 40 hex digits. Annotated tags are followed to their commit; a branch wins
 * over a tag of the same name.
 * @throws SourceError when the repository can't be reached or has no such ref
 */
export async function resolveCommit({ git, ref }: GitSource): Promise<string> {
  if (ref !== undefined && FULL_COMMIT.test(ref)) return ref;
  const answer = await runGit(["ls-remote", "--", git], 30);
  if (answer.code !== 0) unreachable(git, answer);
  const lines = answer.out.split("\n").map((line) => line.split("\t"));
  const refs = new Map(lines.map(([commit = "", name = ""]) => [name, commit]));
  const names =
    ref === undefined ? ["HEAD"] : [`refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`, ref];
  const commit = names.map((name) => refs.get(name)).find((found) => found !== undefined);
  if (commit !== undefined) return commit;
  return ref === undefined
    ? refuse(
        "app.git",
        `${git} has no HEAD`,
        "a repository with commits",
        "Set app.ref, or push a commit first.",
      )
    : unknownRef(git, ref, [...refs.keys()]);
}

/**
 * The files of one commit. Commits are cached below `cache`, so that a known one needs no network.
 * @throws SourceError when the commit can't be fetched
 */
export async function checkoutCommit({ git }: GitSource, commit: string, cache: string): Promise<Checkout> {
  const repository = await fetchCommit(git, commit, cache);
  const folder = await mkdtemp(path.join(tmpdir(), "django-server-source-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const tree = ["--git-dir", repository, "--work-tree", folder];
    const index = { GIT_INDEX_FILE: path.join(folder, ".git") };
    await succeed([...tree, "read-tree", commit], 60, index);
    await succeed([...tree, "checkout-index", "--all", "--force"], 120, index);
    const listing = await succeed([...tree, "ls-files", "--stage"], 60, index);
    return { folder, findings: await incomplete(folder, listing), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What a commit names but does not hold. */
async function incomplete(folder: string, listing: string): Promise<string[]> {
  const modules = listing.split("\n").filter((line) => line.startsWith("160000 "));
  const names = modules.map((line) => line.split("\t")[1] ?? "");
  const attributes = await readFile(path.join(folder, ".gitattributes"), "utf8").catch(() => "");
  const findings = names.length > 0 ? [`Left out: ${list(names)} (git submodules are not fetched).`] : [];
  if (attributes.includes("filter=lfs"))
    findings.push("Files in Git LFS are sent as pointers, without their content.");
  return findings;
}

/**
 * How a local folder stands to its git checkout; empty when it is in none, or git is not here.
 * @param sent the paths of the release
 */
export async function describeCheckout(folder: string, sent: string[]): Promise<string[]> {
  const git = (...args: string[]) => runGit(["-C", folder, ...args], 20);
  const [head, tracked] = await Promise.all([
    git("rev-parse", "--short=12", "HEAD"),
    git("rev-parse", "HEAD:./"),
  ]);
  if (head.code !== 0 || tracked.code !== 0) return [];
  const [status, hidden] = await Promise.all([
    git("status", "--porcelain", "--", "."),
    git("ls-files", "-z", "--cached", "--ignored", "--exclude-standard", "--", "."),
  ]);
  const changes = status.out.split("\n").filter(Boolean).length;
  const state =
    changes === 0 ? "unchanged" : `with ${count(changes, "uncommitted change")}, sent as they are`;
  const ignored = hidden.out.split("\0").filter((name) => name !== "" && !sent.includes(name));
  return [
    `The folder is in git at ${head.out.trim()}, ${state}.`,
    ...(ignored.length > 0 ? [`Left out: ${list(ignored)} (in git, but ignored).`] : []),
  ];
}

/** One bare repository for each commit, made aside and renamed: complete or absent. */
async function fetchCommit(git: string, commit: string, cache: string): Promise<string> {
  const prefix = createHash("sha256").update(git).digest("hex").slice(0, 16);
  const repository = path.join(cache, `${prefix}-${commit}`);
  if (await stat(repository).catch(() => undefined)) {
    await utimes(repository, new Date(), new Date());
    return repository;
  }
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const partial = await mkdtemp(path.join(cache, "partial-"));
  try {
    await succeed(["init", "--quiet", "--bare", "--template=", partial], 20);
    const fetch = ["--git-dir", partial, "fetch", "--quiet", "--depth=1", "--no-tags", "--", git, commit];
    const answer = await runGit(fetch, 300);
    if (answer.code !== 0) noCommit(git, commit, answer);
    await rename(partial, repository).catch(async (error: unknown) => {
      // Another run was first: its copy is as good.
      if (!(await stat(repository).catch(() => undefined))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await keepNewest(cache, (name) => name.startsWith(`${prefix}-`), repository, CACHED_COMMITS);
  return repository;
}

function unknownRef(git: string, ref: string, known: string[]): never {
  const short = known
    .map((name) => name.replace(/^refs\/(heads|tags)\//, ""))
    .filter((n) => n !== "" && !/^refs\/|\^\{\}$/.test(n));
  const near = short.filter((name) => name !== "HEAD").sort((a, b) => distance(a, ref) - distance(b, ref));
  const partial = /^[0-9a-f]{7,39}$/.test(ref) ? " A commit needs all its 40 digits." : "";
  const fix =
    near.length > 0 ? `Near ones: ${list([...new Set(near)].slice(0, 5))}.` : "The repository has none.";
  return refuse("app.ref", `${git} has no ${ref}`, "a branch, tag or full commit of it", fix + partial);
}

function noCommit(git: string, commit: string, answer: Answer): never {
  if (!/not our ref|no such remote ref|couldn't find remote ref/i.test(answer.err)) unreachable(git, answer);
  return refuse(
    "app.ref",
    `${git} has no commit ${commit}`,
    "a commit that was pushed",
    "Push it, or correct app.ref.",
  );
}

function unreachable(git: string, answer: Answer): never {
  const lines = answer.err.split("\n").map((line) => line.replace(/^(fatal|error|ssh): /, "").trim());
  const reason =
    lines.find((line) => line !== "" && !line.startsWith("Cloning")) ?? `git ended with ${answer.code}`;
  const fix = "Check the URL, the network and that this computer may read it (`git ls-remote URL`).";
  return refuse("app.git", `${git} can't be read: ${reason}`, "a repository that answers", fix);
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, x] of Array.from(a).entries()) {
    const next = [i + 1];
    for (const [j, y] of Array.from(b).entries()) {
      next.push(Math.min((row[j] ?? 0) + (x === y ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

async function succeed(args: string[], seconds: number, env: Record<string, string> = {}): Promise<string> {
  const answer = await runGit(args, seconds, env);
  if (answer.code !== 0)
    unreachable(`git ${args.find((arg) => /^[a-z]+(-[a-z]+)*$/.test(arg)) ?? ""}`, answer);
  return answer.out;
}
