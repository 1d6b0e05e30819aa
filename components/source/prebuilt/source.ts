import { refuse, type Problem } from "../problems";
import { hasCredentials } from "../text";

/** A release that something else has packed: a .tar.gz. */
export interface ArchiveSource {
  /** An https URL without credentials, or a path relative to the base. */
  archive: string;
  /** sha256 of its bytes, 64 hex digits. */
  sha256: string;
}

/** Bytes of an archive, packed and unpacked. */
export const largest = 1024 ** 3;

/** What is wrong with where the archive is, told without the network. */
export function archiveProblems({ archive }: ArchiveSource): Problem[] {
  const fix = "Set app.archive to an https URL that needs no login, or to a path.";
  if (hasCredentials(archive))
    return [{ key: "app.archive", value: "a URL with credentials", expected: "a URL without", fix }];
  const isUrl = /^[a-z][a-z0-9+.-]*:\/\//i.test(archive);
  const odd = isUrl && !(archive.startsWith("https://") && URL.canParse(archive));
  return odd
    ? [{ key: "app.archive", value: shownUrl(archive), expected: "an https URL or a path", fix }]
    : [];
}

/** A URL without its query, which signs a request where a download needs no login. */
export const shownUrl = (archive: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(archive) ? archive.replace(/\?.*$/s, "?…") : archive;

/** @throws SourceError */
export function otherSum(archive: string, sum: string): never {
  const fix = `If that is the one you mean: pulumi config set --path app.sha256 ${sum}`;
  return refuse("app.sha256", `${shownUrl(archive)} has the sum ${sum}`, "the sum that is given", fix);
}
