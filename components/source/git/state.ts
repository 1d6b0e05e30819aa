import * as path from "node:path";
import { count, list, printable } from "../text";
import { runGit } from "./command";

/** How a folder stands to the git checkout it is in. */
export interface FolderState {
  findings: string[];
  /** What nobody else has: uncommitted, untracked, not pushed. */
  warnings: string[];
}

/**
 * How a local folder stands to its git checkout; nothing when it is in none, or git is not here.
 * @param sent the paths of the release
 */
export async function describeCheckout(folder: string, sent: readonly string[]): Promise<FolderState> {
  const git = async (...args: string[]) => {
    const { code, out } = await runGit(["-C", folder, ...args], 20);
    return code === 0 ? out : undefined;
  };
  const [head, prefix, tracked] = await Promise.all([
    git("log", "-1", "--format=%h%x09%s", "--abbrev=12"),
    git("rev-parse", "--show-prefix"),
    git("rev-parse", "HEAD:./"),
  ]);
  if (head === undefined || tracked === undefined) return { findings: [], warnings: [] };
  const [status = "", hidden = "", branch = "", unpushed = "", remotes = ""] = await Promise.all([
    git("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", "."),
    git("ls-files", "-z", "--cached", "--ignored", "--exclude-standard", "--", "."),
    git("rev-parse", "--abbrev-ref", "HEAD"),
    git("rev-list", "--count", "HEAD", "--not", "--remotes", "--", "."),
    git("remote"),
  ]);
  const released = new Set(sent);
  const ignored = names(hidden).filter((name) => !released.has(name));
  const changes = changesOf(status, (prefix ?? "").trim(), released);
  const ahead = remotes === "" ? 0 : Number(unpushed);
  const [commit = "", subject = ""] = head.trim().split(/\t(.*)/s, 2);
  return {
    findings: [
      `The folder is in git at ${commit} (${printable(subject)})${changes.length === 0 ? ", unchanged" : ""}.`,
      ...(ignored.length > 0 ? [`Left out: ${list(ignored)} (in git, but ignored).`] : []),
    ],
    warnings: [...changes, ...(ahead > 0 ? [notPushed(ahead, branch.trim())] : [])],
  };
}

const names = (listing: string): string[] => listing.split("\0").filter(Boolean);

/** What the release has otherwise than the commit, a sentence for each kind. */
function changesOf(status: string, prefix: string, released: ReadonlySet<string>): string[] {
  const entries = names(status).map((line) => ({
    isNew: line.startsWith("??"),
    file: path.posix.relative(prefix, line.slice(3)),
  }));
  const changed = entries.filter(({ isNew }) => !isNew).map(({ file }) => file);
  const added = entries.filter(({ isNew, file }) => isNew && released.has(file)).map(({ file }) => file);
  return [
    ...(changed.length > 0
      ? [`${count(changed.length, "uncommitted change")}, sent as they are: ${list(changed, 3)}.`]
      : []),
    ...(added.length > 0
      ? [`${count(added.length, "file")} that git does not track, sent too: ${list(added, 3)}.`]
      : []),
  ];
}

function notPushed(commits: number, branch: string): string {
  const where = branch === "HEAD" ? "" : ` of ${branch}`;
  return `Not pushed: ${count(commits, "commit")}${where}.`;
}
