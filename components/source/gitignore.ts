import ignore, { type Ignore } from "ignore";
import { lstat, readFile } from "node:fs/promises";
import * as path from "node:path";

export const noRules = (): Ignore => ignore({ ignorecase: false });

/**
 * The rules of the .gitignore files above a folder, up to the top of its git checkout, and the folder's path
 * from there. None when it is in no checkout, or when the checkout ignores the folder itself.
 */
export async function rulesAbove(base: string): Promise<{ rules: Ignore; prefix: string }> {
  const none = { rules: noRules(), prefix: "" };
  const top = await checkoutTop(base);
  if (top === undefined || top === base) return none;
  const prefix = path.relative(top, base).split(path.sep).join("/");
  const steps = prefix.split("/");
  let rules = noRules();
  for (const depth of steps.keys()) {
    const folder = steps.slice(0, depth).join("/");
    const gitignore = await readFile(path.join(top, folder, ".gitignore"), "utf8").catch(() => "");
    rules = withGitignore(rules, folder, gitignore);
  }
  return rules.ignores(`${prefix}/`) ? none : { rules, prefix };
}

async function checkoutTop(folder: string): Promise<string | undefined> {
  if (await exists(path.join(folder, ".git"))) return folder;
  return folder === path.dirname(folder) ? undefined : checkoutTop(path.dirname(folder));
}

/** Whether there is anything of this name, a link to nothing too. */
export function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}

/**
 * The ignore rules that hold inside a folder: those of the folders above it plus the folder's own .gitignore.
 * @param folder relative to the folder the rules start from, "" for that one itself
 */
export function withGitignore(above: Ignore, folder: string, gitignore: string): Ignore {
  const lines = gitignore.split(/\r?\n/).map((line) => rebase(line, folder));
  return ignore({ ignorecase: false }).add(above).add(lines);
}

/** A pattern of FOLDER/.gitignore as the top folder's .gitignore would say it; gitignore(5) has the rules. */
function rebase(line: string, folder: string): string {
  if (folder === "" || folder === "." || line.trim() === "" || line.startsWith("#")) return line;
  const negation = line.startsWith("!") ? "!" : "";
  const pattern = line.slice(negation.length).replace(/^\\(?=[!#])/, "");
  const anchored = pattern.replace(/\s+$/, "").replace(/\/$/, "").includes("/");
  const base = folder.replace(/[\\*?[\]!# ]/g, "\\$&");
  return `${negation}/${base}/${anchored ? pattern.replace(/^\//, "") : `**/${pattern}`}`;
}
