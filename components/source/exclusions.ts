import ignore, { type Ignore } from "ignore";

/** Why something is never sent, or undefined when it is. Told by the name alone. */
export function alwaysExcluded(name: string): string | undefined {
  return rules.find(([pattern]) => pattern.test(name))?.[1];
}

/** Reasons that a person should hear about; the rest of what is left out is plain tidiness. */
export const secretFile = "secrets belong in secretEnvironment";
export const developmentDatabase = "a development database";

const tidiness = "not part of a release";
const rules: [RegExp, string][] = [
  [/^\.env(rc|\..*)?$/, secretFile],
  [/\.sqlite3(-journal|-wal|-shm)?$/, developmentDatabase],
  [/^(\.git|\.hg|\.svn|__pycache__|node_modules|\.local|\.pulumi|\.direnv)$/, tidiness],
  [/^(\.mypy_cache|\.pytest_cache|\.ruff_cache|\.tox|\.nox)$/, tidiness],
  [/^(\.idea|\.vscode|\.vs|\.DS_Store|Thumbs\.db)$/, tidiness],
  [/(\.py[co]|\.sw[op]|~)$/, tidiness],
];

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

export const noRules = (): Ignore => ignore({ ignorecase: false });
