import { count, list } from "../text";
import { runGit } from "./command";

/**
 * How a local folder stands to its git checkout; empty when it is in none, or git is not here.
 * @param sent the paths of the release
 */
export async function describeCheckout(folder: string, sent: string[]): Promise<string[]> {
  const git = async (...args: string[]) => {
    const { code, out } = await runGit(["-C", folder, ...args], 20);
    return code === 0 ? out : undefined;
  };
  const [head, tracked] = await Promise.all([
    git("rev-parse", "--short=12", "HEAD"),
    git("rev-parse", "HEAD:./"),
  ]);
  if (head === undefined || tracked === undefined) return [];
  const [status = "", hidden = "", branch = "", unpushed = "", remotes = ""] = await Promise.all([
    git("status", "--porcelain", "-z", "--no-renames", "--", "."),
    git("ls-files", "-z", "--cached", "--ignored", "--exclude-standard", "--", "."),
    git("rev-parse", "--abbrev-ref", "HEAD"),
    git("rev-list", "--count", "HEAD", "--not", "--remotes"),
    git("remote"),
  ]);
  const ignored = hidden.split("\0").filter((name) => name !== "" && !sent.includes(name));
  const state = [changes(status), ...(remotes === "" ? [] : ahead(Number(unpushed), branch.trim()))];
  return [
    `The folder is in git at ${head.trim()}, ${state.join("; ")}.`,
    ...(ignored.length > 0 ? [`Left out: ${list(ignored)} (in git, but ignored).`] : []),
  ];
}

function changes(status: string): string {
  const names = status
    .split("\0")
    .filter(Boolean)
    .map((line) => line.slice(3));
  if (names.length === 0) return "unchanged";
  return `with ${count(names.length, "uncommitted change")}, sent as they are: ${list(names, 3)}`;
}

function ahead(commits: number, branch: string): string[] {
  if (commits === 0) return [];
  const where = branch === "HEAD" ? "" : ` of ${branch}`;
  return [`${count(commits, "commit")}${where} not pushed`];
}
