import type { Ignore } from "ignore";
import type { Dirent } from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import * as path from "node:path";
import { alwaysExcluded, developmentDatabase, secretFile } from "./exclusions";
import { exists, noRules, rulesAbove, withGitignore } from "./gitignore";
import { leadsOutside } from "./links";
import { Problems } from "./problems";
import { list } from "./text";

/** A regular file or a symbolic link of a release. */
export interface Entry {
  /** Relative to the release, with `/`. */
  path: string;
  /** 0o644 or 0o755, as git sees it; 0o777 for a link. */
  mode: number;
  /** Bytes; 0 for a link. */
  size: number;
  /** Where a symbolic link points. */
  target?: string;
}

/** What of a folder goes into a release. */
export interface Folder {
  /** Absolute. */
  base: string;
  /** Sorted by path. */
  entries: Entry[];
  /** What was left out that a person should know of. */
  findings: string[];
}

export interface ListOptions {
  /** False takes everything that is not always excluded: what git tracks is wanted. @default true */
  gitignore?: boolean;
  /** Absolute folders never taken, such as the one archives are written to. */
  except?: string[];
}

/**
 * Lists what a release of the folder holds. Empty folders are left out, as git does.
 * @throws SourceError naming every symbolic link that leads outside and every unreadable name
 */
export async function listFolder(base: string, options: ListOptions = {}): Promise<Folder> {
  const above = options.gitignore === false ? { rules: noRules(), prefix: "" } : await rulesAbove(base);
  const walk = new Walk(base, above.prefix, options);
  await walk.into("", above.rules);
  walk.problems.all.sort((a, b) => (a.value < b.value ? -1 : 1));
  walk.problems.throwIfAny();
  walk.entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { base, entries: walk.entries, findings: walk.findings() };
}

class Walk {
  readonly entries: Entry[] = [];
  readonly problems = new Problems();
  private readonly excluded = new Map<string, string[]>();

  constructor(
    private readonly base: string,
    /** The path that ignore rules know the base by. */
    private readonly prefix: string,
    private readonly options: ListOptions,
  ) {}

  async into(folder: string, above: Ignore): Promise<void> {
    const children = await this.children(folder);
    const own = children.some((child) => child.name === ".gitignore" && child.isFile());
    const rules =
      own && this.options.gitignore !== false
        ? withGitignore(
            above,
            path.posix.join(this.prefix, folder),
            await readFile(this.absolute(folder, ".gitignore"), "utf8"),
          )
        : above;
    await Promise.all(children.map((child) => this.take(path.posix.join(folder, child.name), child, rules)));
  }

  findings(): string[] {
    const sorted = [...this.excluded].sort(([a], [b]) => (a < b ? -1 : 1));
    return sorted.map(([reason, names]) => `Left out: ${list(names.sort())} (${reason}).`);
  }

  private async take(name: string, child: Dirent, rules: Ignore): Promise<void> {
    const reason = alwaysExcluded(child.name);
    if (reason !== undefined) {
      if (reason === secretFile || reason === developmentDatabase) this.leaveOut(name, reason);
    } else if (rules.ignores(path.posix.join(this.prefix, child.isDirectory() ? `${name}/` : name))) {
      return;
    } else if (/[\uFFFD\p{Cc}]/u.test(name)) {
      this.problem(name, "a name in UTF-8 without control characters", "Rename it.");
    } else if (!child.isFile() && (await this.isVirtualEnvironment(name))) {
      this.leaveOut(name, "a virtual environment; the machine makes its own");
    } else if (child.isDirectory()) {
      if (!(this.options.except ?? []).includes(this.absolute(name))) await this.into(name, rules);
    } else if (child.isSymbolicLink()) {
      await this.takeLink(name);
    } else if (child.isFile()) {
      await this.takeFile(name);
    } else {
      this.leaveOut(name, "neither a file nor a folder");
    }
  }

  private async takeFile(name: string): Promise<void> {
    // A file that is gone again, such as an editor's, is as good as one that never was.
    const status = await lstat(this.absolute(name)).catch(() => undefined);
    if (status === undefined) return;
    this.entries.push({ path: name, mode: status.mode & 0o100 ? 0o755 : 0o644, size: status.size });
  }

  private async takeLink(name: string): Promise<void> {
    const target = await readlink(this.absolute(name));
    if (await leadsOutside(this.base, name, target)) {
      const fix = "Replace the link by what it points to, or make it relative and inside.";
      this.problem(`the link ${name} points to ${target}`, "links that stay inside the app's folder", fix);
    } else {
      this.entries.push({ path: name, mode: 0o777, size: 0, target });
    }
  }

  private async children(folder: string): Promise<Dirent[]> {
    try {
      return await readdir(this.absolute(folder), { withFileTypes: true });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
      this.problem(
        `${folder || "."} is unreadable (${code})`,
        "a readable folder",
        "Change its permissions.",
      );
      return [];
    }
  }

  private isVirtualEnvironment(name: string): Promise<boolean> {
    return exists(this.absolute(name, "pyvenv.cfg"));
  }

  private leaveOut(name: string, reason: string): void {
    this.excluded.set(reason, [...(this.excluded.get(reason) ?? []), name]);
  }

  private problem(value: string, expected: string, fix: string): void {
    this.problems.add({ key: "app", value, expected, fix });
  }

  private absolute(...names: string[]): string {
    return path.join(this.base, ...names);
  }
}
