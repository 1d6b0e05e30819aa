import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import * as path from "node:path";
import { refuse } from "../problems";
import { keepNewest } from "../retention";
import { withAccess } from "./access";
import { runGit, type Surroundings } from "./command";
import { succeeded, unreachable } from "./failure";
import type { GitSource } from "./remote";

const kept = 3;

/** A commit of a bare repository, and the folder that its files are to go to. */
export interface Place {
  repository: string;
  commit: string;
  folder: string;
}

/** Writes a commit's files into its folder, which is made when missing. */
export async function writeFiles(
  { repository, commit, folder }: Place,
  { options = [], env = {} }: Surroundings = {},
): Promise<void> {
  const tree = ["--git-dir", repository, "--work-tree", folder];
  const file = path.join(repository, `index-${randomUUID()}`);
  const index = { options, env: { ...env, GIT_INDEX_FILE: file } };
  await mkdir(folder, { recursive: true });
  try {
    await succeeded("git read-tree", runGit([...tree, "read-tree", commit], 60, index));
    const write = [...tree, "checkout-index", "--all", "--force"];
    await succeeded("git checkout-index", runGit(write, 300, index));
  } finally {
    await rm(file, { force: true });
  }
}

const prefixOf = (git: string): string => createHash("sha256").update(git).digest("hex").slice(0, 16);

/** The commits of a repository that are in the cache. */
export async function cachedCommits(git: string, cache: string): Promise<string[]> {
  const prefix = `${prefixOf(git)}-`;
  const names = await readdir(cache).catch(() => []);
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** One bare repository for each commit, made aside and renamed: complete or absent. */
export async function fetchCommit(source: GitSource, commit: string, cache: string): Promise<string> {
  const prefix = prefixOf(source.git);
  const repository = path.join(cache, `${prefix}-${commit}`);
  if (await stat(repository).catch(() => undefined)) {
    await utimes(repository, new Date(), new Date());
    return repository;
  }
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const partial = await mkdtemp(path.join(cache, "partial-"));
  try {
    await withAccess(source, cache, (surroundings) => fetchInto(partial, source.git, commit, surroundings));
    await rename(partial, repository).catch(async (error: unknown) => {
      // Another run was first: its copy is as good.
      if (!(await stat(repository).catch(() => undefined))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await keepNewest(cache, (name) => name.startsWith(`${prefix}-`), repository, kept);
  return repository;
}

async function fetchInto(folder: string, git: string, commit: string, how: Surroundings): Promise<void> {
  await succeeded("git init", runGit(["init", "--quiet", "--bare", "--template=", folder], 20));
  const fetch = ["--git-dir", folder, "fetch", "--quiet", "--no-tags"];
  const answer = await runGit([...fetch, "--depth=1", "--", git, commit], 300, how);
  if (answer.code === 0) return;
  if (!/not our ref|unadvertised|no such remote ref|couldn't find remote ref|shallow/i.test(answer.err))
    unreachable(git, answer);
  // Some servers give out only what a ref names: then all of it is fetched.
  const all = await runGit([...fetch, "--", git, "+refs/*:refs/*"], 600, how);
  const found = await runGit(["--git-dir", folder, "cat-file", "-e", `${commit}^{commit}`], 20);
  if (all.code === 0 && found.code === 0) return;
  const fix = "Push it, or correct app.ref.";
  refuse("app.ref", `${git} has no commit ${commit}`, "a commit that was pushed", fix);
}
