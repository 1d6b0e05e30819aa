import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { SourceError, type Problem } from "../../components/source";
import type { Folder } from "../../components/source/folder";
import { listFolder } from "../../components/source/folder";
import { Project } from "../../components/source/project";

/** Path → text. */
export type Files = Record<string, string>;

/** A real temporary folder for one test. */
export class Workspace {
  readonly base = realpathSync(mkdtempSync(path.join(tmpdir(), "source-test-")));

  at(...names: string[]): string {
    return path.join(this.base, ...names);
  }

  /** Writes files below a folder of the workspace and returns its absolute path. */
  write(folder: string, files: Files): string {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(this.at(folder, name)), { recursive: true });
      writeFileSync(this.at(folder, name), text);
    }
    mkdirSync(this.at(folder), { recursive: true });
    return this.at(folder);
  }

  /** What a release of just these files holds. */
  async list(files: Files): Promise<Folder> {
    rmSync(this.at("app"), { recursive: true, force: true });
    return listFolder(this.write("app", files));
  }

  async project(files: Files, root = ""): Promise<Project> {
    return new Project(await this.list(files), root);
  }

  git(folder: string, ...args: string[]): string {
    const identity = [
      "-c",
      "user.name=Test",
      "-c",
      "user.email=test@example.com",
      "-c",
      "protocol.file.allow=always",
    ];
    return execFileSync("git", ["-C", this.at(folder), ...identity, ...args], {
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  }

  /** Makes a folder a git repository with one commit of everything; returns the commit. */
  commit(folder: string, message = "A commit"): string {
    this.git(folder, "init", "--quiet", "--initial-branch=main");
    this.git(folder, "add", "--all", "--force");
    this.git(folder, "commit", "--quiet", "--message", message);
    return this.git(folder, "rev-parse", "HEAD");
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }
}

/** The least that is a Django project. */
export const djangoProject: Files = {
  "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")\n',
  "mysite/__init__.py": "",
  "mysite/settings.py": 'WSGI_APPLICATION = "mysite.wsgi.application"\n',
  "mysite/wsgi.py": "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'mysite.settings')\n",
  "requirements.txt": "django==5.2.1\ngunicorn==23.0.0\n",
};

/** The problems that an action is refused with; fails when it is not. */
export async function problemsOf(action: () => Promise<unknown>): Promise<Problem[]> {
  try {
    await action();
  } catch (error) {
    if (error instanceof SourceError) return error.problems;
    throw error;
  }
  throw new Error("nothing was refused");
}

/** The one problem that an action is refused with. */
export async function problemOf(action: () => Promise<unknown>): Promise<Problem> {
  const [problem, ...more] = await problemsOf(action);
  if (problem === undefined || more.length > 0)
    throw new Error(`not one problem: ${JSON.stringify([problem, ...more])}`);
  return problem;
}
