import * as path from "node:path";
import { refuse } from "./problems";
import type { Project } from "./project";
import { parseToml, type Reading } from "./reading";
import { list, normalizeName, requirementName } from "./text";

interface LockedPackage {
  name: string;
  source?: Record<string, unknown>;
}

/** uv.lock and poetry.lock, which the machine's uv or poetry reads itself; both list [[package]]. */
export async function readLock(project: Project, file: string, command: string): Promise<Reading> {
  const pyprojectName = path.posix.join(path.posix.dirname(file), "pyproject.toml");
  const [pyprojectText, lockText] = [await project.read(pyprojectName), (await project.read(file)) ?? ""];
  if (pyprojectText === undefined)
    refuse("app.dependencies", `${file} without ${pyprojectName}`, "both", "Keep both in the app.");
  const pyproject = (await parseToml(pyprojectName, pyprojectText)) as Pyproject;
  const lock = (await parseToml(file, lockText)) as {
    package?: LockedPackage[];
    metadata?: { "python-versions"?: string };
  };
  const packages = lock.package ?? [];
  const own = normalizeName(pyproject.project?.name ?? "");
  const local = packages.filter(({ name, source }) => normalizeName(name) !== own && isLocal(source));
  if (local.length > 0) {
    const fix =
      "Publish them or name their git URL; or export a requirements.txt and set app.dependencies to it.";
    refuse(file, `local packages: ${list(local.map(({ name }) => name))}`, "packages a machine can get", fix);
  }
  const locked = new Set(packages.map(({ name }) => normalizeName(name)));
  // A requirement with a marker may rightly be absent: it never holds.
  const missing = stated(pyproject).flatMap(({ name, marked }) => (marked || locked.has(name) ? [] : [name]));
  if (missing.length > 0)
    refuse(
      "app.dependencies",
      `${file} lacks ${list(missing)} of ${pyprojectName}`,
      "a lock of the present pyproject.toml",
      `Run \`${command}\`.`,
    );
  return {
    files: { "pyproject.toml": pyprojectText, [path.posix.basename(file)]: lockText },
    names: stated(pyproject).map(({ name }) => name),
    findings: [],
    pythonRequires:
      pyproject.project?.["requires-python"] ?? fromPoetry(pyproject.tool?.poetry?.dependencies?.["python"]),
  };
}

export async function readPyproject(project: Project, file: string): Promise<Reading> {
  const text = (await project.read(file)) ?? "";
  const pyproject = (await parseToml(file, text)) as Pyproject;
  if (!pyproject.project?.dependencies?.length) {
    const poetry = pyproject.tool?.poetry !== undefined;
    refuse(
      "app.dependencies",
      `${file} without [project] dependencies${poetry ? " and without poetry.lock" : ""}`,
      "dependencies",
      poetry
        ? "Run `poetry lock` and keep poetry.lock in the app."
        : "Add them, or set app.dependencies to another file.",
    );
  }
  return {
    files: { "pyproject.toml": text },
    names: stated(pyproject).map(({ name }) => name),
    findings: [
      `${file} has no lock beside it: versions are not pinned, another machine may get others (\`uv lock\` pins them).`,
    ],
    pythonRequires: pyproject.project["requires-python"],
  };
}

interface Pyproject {
  project?: { name?: string; dependencies?: string[]; "requires-python"?: string };
  tool?: { poetry?: { dependencies?: Record<string, unknown> } };
}

/** Whether a pyproject.toml asks for packages; one with nothing but tool settings does not. */
export async function namesDependencies(project: Project, file: string): Promise<boolean> {
  return stated(await parseToml(file, (await project.read(file)) ?? "")).length > 0;
}

/** The packages that pyproject.toml asks for itself, normalised, and whether an environment marker limits them. */
function stated({ project, tool }: Pyproject): { name: string; marked: boolean }[] {
  const poetry = Object.entries(tool?.poetry?.dependencies ?? {}).filter(([name]) => name !== "python");
  return [
    ...(project?.dependencies ?? []).map((text) => ({
      name: requirementName(text) ?? text,
      marked: text.includes(";"),
    })),
    ...poetry.map(([name, value]) => ({
      name: normalizeName(name),
      marked: JSON.stringify(value).includes('"markers"'),
    })),
  ];
}

/** Whether a locked package comes from a folder or file of this computer. */
function isLocal(source: Record<string, unknown> = {}): boolean {
  const { type, registry } = source;
  if (typeof registry === "string") return !/^https?:/.test(registry);
  return (
    ["path", "directory", "editable", "virtual"].some((key) => key in source) ||
    type === "directory" ||
    type === "file"
  );
}

/** Poetry's `^3.11`, `~3.11` and `3.11.*` as PEP 440 writes them; undefined for what says nothing. */
function fromPoetry(version: unknown): string | undefined {
  if (typeof version !== "string" || version === "*") return undefined;
  const [, sign, major = "", minor = ""] = /^([~^]?)\s*(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (sign === "^") return `>=${version.slice(1).trim()},<${Number(major) + 1}`;
  if (sign === "~" && minor !== "" && !version.startsWith("~="))
    return `>=${version.slice(1).trim()},<${major}.${Number(minor) + 1}`;
  return sign === "" ? `==${version}` : version;
}
