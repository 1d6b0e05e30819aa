import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rename, rm, stat, utimes } from "node:fs/promises";
import * as path from "node:path";
import { refuse } from "../problems";
import { keepNewest } from "../retention";
import { withAccess } from "./access";
import { runGit, type Surroundings } from "./command";
import { succeeded, unreachable } from "./failure";
import type { GitSource } from "./remote";

const cachedCommits = 3;

/** A commit of a bare repository, and the folder that its files are to go to. */
export interface Place {
  repository: string;
  commit: string;
  folder: string;
}

/** Writes a commit's files into its folder, which is made when missing. */
export async function writeFiles({ repository, commit, folder }: Place): Promise<void> {
  const tree = ["--git-dir", repository, "--work-tree", folder];
  const index = { env: { GIT_INDEX_FILE: path.join(repository, `index-${randomUUID()}`) } };
  await mkdir(folder, { recursive: true });
  try {
    await succeeded("git read-tree", runGit([...tree, "read-tree", commit], 60, index));
    await succeeded(
      "git checkout-index",
      runGit([...tree, "checkout-index", "--all", "--force"], 120, index),
    );
  } finally {
    await rm(index.env.GIT_INDEX_FILE, { force: true });
  }
}

/** One bare repository for each commit, made aside and renamed: complete or absent. */
export async function fetchCommit(source: GitSource, commit: string, cache: string): Promise<string> {
  const prefix = createHash("sha256").update(source.git).digest("hex").slice(0, 16);
  const repository = path.join(cache, `${prefix}-${commit}`);
  if (await stat(repository).catch(() => undefined)) {
    await utimes(repository, new Date(), new Date());
    return repository;
  }
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const partial = await mkdtemp(path.join(cache, "partial-"));
  try {
    await withAccess(source.git, source.access ?? {}, (surroundings) =>
      fetchInto(partial, source.git, commit, surroundings),
    );
    await rename(partial, repository).catch(async (error: unknown) => {
      // Another run was first: its copy is as good.
      if (!(await stat(repository).catch(() => undefined))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await keepNewest(cache, (name) => name.startsWith(`${prefix}-`), repository, cachedCommits);
  return repository;
}

async function fetchInto(folder: string, git: string, commit: string, how: Surroundings): Promise<void> {
  await succeeded("git init", runGit(["init", "--quiet", "--bare", "--template=", folder], 20));
  const fetch = ["--git-dir", folder, "fetch", "--quiet", "--no-tags"];
  const answer = await runGit([...fetch, "--depth=1", "--", git, commit], 300, how);
  if (answer.code === 0) return;
  if (!/not our ref|unadvertised|no such remote ref|couldn't find remote ref/i.test(answer.err))
    unreachable(git, answer);
  // Some servers give out only what a ref names: then all of it is fetched.
  const all = await runGit([...fetch, "--", git, "+refs/*:refs/*"], 600, how);
  const found = await runGit(["--git-dir", folder, "cat-file", "-e", `${commit}^{commit}`], 20);
  if (all.code === 0 && found.code === 0) return;
  const fix = "Push it, or correct app.ref.";
  refuse("app.ref", `${git} has no commit ${commit}`, "a commit that was pushed", fix);
}
