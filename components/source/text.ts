/** `one`, `one and two`, `one, two and three`; past `limit` names the rest is only counted. */
export function list(names: string[], limit = 5): string {
  const shown = names.length > limit ? [...names.slice(0, limit), `${names.length - limit} more`] : names;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1) ?? ""}`;
}

/** `1 file`, `2 files`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** `812 B`, `42 kB`, `1.3 MB`; decimal units, as in a file browser. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1000)} kB`;
  if (bytes < 999_950_000) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** A package's name as PEP 503 compares it: `Django_Extensions` is `django-extensions`. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** The package that a requirement such as `Psycopg[binary] >=3` names, normalised; undefined when none. */
export function requirementName(requirement: string): string | undefined {
  const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(requirement)?.[1];
  return name === undefined ? undefined : normalizeName(name);
}

/** A text from elsewhere, without what would steer a terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, " ");

/**
 * Whether a text holds a URL with credentials in it: any user in an http(s) URL, as tokens travel there,
 * and a password in one of any other scheme (`ssh://git@host` alone is only a user).
 */
export function hasCredentials(text: string): boolean {
  return /https?:\/\/[^/\s"'@]+@/i.test(text) || /:\/\/[^/\s"'@:]*:[^/\s"'@]+@/.test(text);
}
