import { createHash } from "node:crypto";
import { requirementsFromPipfileLock, type PipfileLock } from "./pipfileLock";
import { refuse } from "./problems";
import type { Project } from "./project";
import { parseToml, type Reading } from "./reading";
import { normalizeName } from "./text";

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
