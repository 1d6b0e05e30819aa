/** Why something is never sent, or undefined when it is. Told by the name alone. */
export function alwaysExcluded(name: string): string | undefined {
  return rules.find(([pattern]) => pattern.test(name))?.[1];
}

/** Reasons that a person should hear about; the rest of what is left out is plain tidiness. */
export const secretFile = "secrets belong in secretEnvironment";
export const developmentDatabase = "a development database";

const tidiness = "not part of a release";
const rules: [RegExp, string][] = [
  // A sample is there to be read; it holds no secrets.
  [/^\.env(rc|\.(?!(example|sample|template|dist)$).*)?$/, secretFile],
  [/^(\.ssh|\.aws|\.gnupg|\.netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.pypirc)$/, secretFile],
  [/^id_(rsa|dsa|ecdsa|ed25519)$/, secretFile],
  [/\.sqlite3(-journal|-wal|-shm)?$/, developmentDatabase],
  [/^(\.git|\.hg|\.svn|__pycache__|node_modules|\.local|\.pulumi|\.direnv)$/, tidiness],
  [/^(\.mypy_cache|\.pytest_cache|\.ruff_cache|\.tox|\.nox)$/, tidiness],
  [/^(\.idea|\.vscode|\.vs|\.DS_Store|Thumbs\.db)$/, tidiness],
  [/(\.py[co]|\.sw[op]|~)$/, tidiness],
];
