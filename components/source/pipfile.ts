import { createHash } from "node:crypto";
import { Problems, refuse } from "./problems";
import type { Project } from "./project";
import { parseToml, type Reading } from "./reading";
import { hasCredentials, list, normalizeName } from "./text";

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

/** A Pipfile as TOML reads. */
export type Pipfile = Record<string, unknown>;

/**
 * The hashes under which a Pipfile.lock may know this Pipfile. pipenv serialises the parsed file as sorted
 * compact JSON; since 2026 with package names normalised (PEP 503), before that as written.
 */
export function pipfileHashes(pipfile: Pipfile): string[] {
  const asWritten = (section: object) => section;
  const normalised = (section: object) =>
    Object.fromEntries(
      Object.entries(section).map(([name, value]) => [normalizeName(name), value as unknown]),
    );
  return [asWritten, normalised].map((names) =>
    createHash("sha256")
      .update(pythonJson(hashed(pipfile, names)))
      .digest("hex"),
  );
}

const knownSections = ["source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv"];
const publicSource = { name: "pypi", url: "https://pypi.org/simple", verify_ssl: true };

function hashed(pipfile: Pipfile, names: (section: object) => object): object {
  const section = (name: string) => pipfile[name] ?? {};
  const categories = Object.keys(pipfile).filter(
    (name) => ![...knownSections, "default", "develop"].includes(name),
  );
  return {
    _meta: { sources: pipfile["source"] ?? [publicSource], requires: section("requires") },
    default: names(section("packages")),
    develop: names(section("dev-packages")),
    ...Object.fromEntries(categories.map((name) => [name, names(section(name))])),
  };
}

/** As Python's json.dumps(value, sort_keys=True, separators=(",", ":")): keys sorted, ASCII only. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${pythonJson(key)}:${pythonJson(item)}`).join(",")}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

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

/** Reads a Pipfile.lock after checking that it belongs to the Pipfile beside it. */
export async function readPipfile(project: Project, file: string): Promise<Reading> {
  const pipfileName = file.replace(/\.lock$/, "");
  const [pipfile, text] = [await project.read(pipfileName), await project.read(file)];
  if (text === undefined)
    refuse(
      "app.dependencies",
      `${pipfileName} without ${file}`,
      "a lock file",
      "Run `pipenv lock` and keep Pipfile.lock in the app.",
    );
  const lock = parseLock(file, text);
  if (
    pipfile !== undefined &&
    !pipfileHashes(await parseToml(pipfileName, pipfile)).includes(lock._meta.hash?.sha256 ?? "")
  ) {
    refuse(
      "app.dependencies",
      `${file} is older than ${pipfileName}`,
      "a lock of the present Pipfile",
      "Run `pipenv lock`.",
    );
  }
  const requirements = requirementsFromPipfileLock(lock);
  const { python_version: minor, python_full_version: full } = lock._meta.requires ?? {};
  return {
    files: { "requirements.txt": requirements.text },
    names: Object.keys(lock.default ?? {}).map(normalizeName),
    findings: requirements.findings,
    pythonRequires: full ? `==${full}` : minor ? `==${minor}.*` : undefined,
  };
}

function parseLock(file: string, text: string): PipfileLock {
  try {
    const lock = JSON.parse(text) as Partial<PipfileLock>;
    if (typeof lock._meta === "object") return lock as PipfileLock;
  } catch {
    // Told below, like a JSON text that is no lock.
  }
  return refuse(file, "not a Pipfile.lock", "what pipenv writes", "Run `pipenv lock`.");
}
