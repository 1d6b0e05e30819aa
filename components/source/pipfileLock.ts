import { Problems } from "./problems";
import { hasCredentials, list } from "./text";

/** One package of a Pipfile.lock. */
interface LockedPackage {
  version?: string;
  extras?: string[];
  hashes?: string[];
  markers?: string;
  git?: string;
  ref?: string;
  subdirectory?: string;
  file?: string;
  path?: string;
  index?: string;
  editable?: boolean;
}

interface LockedSource {
  name?: string;
  url: string;
  verify_ssl?: boolean;
}

export interface PipfileLock {
  _meta: { hash?: { sha256?: string }; requires?: Record<string, string>; sources?: LockedSource[] };
  default?: Record<string, LockedPackage>;
}

const publicSource: LockedSource = { name: "pypi", url: "https://pypi.org/simple", verify_ssl: true };

/**
 * The default packages of a Pipfile.lock as a requirements file that pip and uv read.
 * @throws SourceError naming every package that only exists on this computer, and credentials in URLs
 */
export function requirementsFromPipfileLock(lock: PipfileLock): { text: string; findings: string[] } {
  const packages = Object.entries(lock.default ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const sources = lock._meta.sources ?? [publicSource];
  check(packages, sources);
  const unhashed = packages.filter(([, entry]) => entry.git !== undefined || !entry.hashes?.length);
  const withHashes = unhashed.length === 0;
  const findings = withHashes
    ? []
    : [
        `Hashes are not checked: ${list(unhashed.map(([name]) => name))} in Pipfile.lock has none, and it is all or none.`,
      ];
  if (sources.some((source) => source.verify_ssl === false))
    findings.push("verify_ssl = false is not honoured.");
  const lines = packages.map(([name, entry]) => requirement(name, entry, withHashes));
  return { text: ["# From Pipfile.lock", ...indexes(sources), ...lines, ""].join("\n"), findings };
}

function check(packages: [string, LockedPackage][], sources: LockedSource[]): void {
  const problems = new Problems();
  for (const [name, entry] of packages) {
    const location = entry.git ?? entry.file ?? entry.path;
    if (
      entry.path !== undefined ||
      (location !== undefined && !/^(git\+)?(https|ssh):\/\/|^git@/.test(location))
    ) {
      const fix = "Publish it, or name its git or https URL in the Pipfile and run `pipenv lock`.";
      problems.add({
        key: "Pipfile.lock",
        value: `${name} is a local path`,
        expected: "packages a machine can get",
        fix,
      });
    }
    if (hasCredentials(location ?? "")) problems.add(credentials(name));
  }
  for (const [index, { name, url }] of sources.entries()) {
    if (hasCredentials(url)) problems.add(credentials(`the source ${name ?? String(index + 1)}`));
  }
  problems.throwIfAny();
}

function credentials(name: string) {
  const fix = "Take them out of the URL, and run `pipenv lock`.";
  return { key: "Pipfile.lock", value: `${name} has credentials in its URL`, expected: "none", fix };
}

function indexes(sources: LockedSource[]): string[] {
  const isPublic = (url: string) => /^https:\/\/pypi(\.python)?\.org\/simple\/?$/.test(url);
  return sources.flatMap(({ url }, index) => {
    if (index === 0) return isPublic(url) ? [] : [`--index-url ${url}`];
    return [`--extra-index-url ${url}`];
  });
}

function requirement(name: string, entry: LockedPackage, withHashes: boolean): string {
  const extras = entry.extras?.length ? `[${entry.extras.join(",")}]` : "";
  const version = entry.version === undefined || entry.version === "*" ? "" : entry.version;
  const url = urlOf(entry);
  const what = url === undefined ? `${name}${extras}${version}` : `${name}${extras} @ ${url}`;
  const markers = entry.markers ? ` ; ${entry.markers}` : "";
  const hashes = withHashes ? [...(entry.hashes ?? [])].sort().map((hash) => ` \\\n    --hash=${hash}`) : [];
  return `${what}${markers}${hashes.join("")}`;
}

function urlOf({ git, ref, subdirectory, file }: LockedPackage): string | undefined {
  if (git === undefined) return file;
  const url = git.replace(/^git\+/, "").replace(/^git@([^:/]+):/, "ssh://git@$1/");
  return `git+${url}${ref ? `@${ref}` : ""}${subdirectory ? `#subdirectory=${subdirectory}` : ""}`;
}
