import { createHash } from "node:crypto";
import * as path from "node:path";
import type { AppInterface } from "./application";
import { readPipfile } from "./pipfile";
import { refuse } from "./problems";
import type { Project } from "./project";
import { namesDependencies, readLock, readPyproject } from "./pyproject";
import type { Reading } from "./reading";
import { readRequirements } from "./requirements";
import { hasCredentials, list } from "./text";

/** What says which packages a project needs. */
export type DependencyKind = "requirements" | "pipfile" | "uv" | "poetry" | "pyproject";

/** What the app needs to be installed, as files that a machine can follow without the app beside them. */
export interface Dependencies {
  kind: DependencyKind;
  /**
   * Name → text. requirements and pipfile: requirements.txt, perhaps constraints.txt; uv: pyproject.toml and
   * uv.lock; poetry: pyproject.toml and poetry.lock; pyproject: pyproject.toml.
   */
  files: Record<string, string>;
  /** 12 hex digits; the same kind, files and interface give the same id. */
  id: string;
  /** The Python versions the app asks for, as PEP 440 writes them: `>=3.11`. */
  pythonRequires?: string;
}

export interface FoundDependencies extends Dependencies {
  findings: string[];
}

interface Candidate {
  kind: DependencyKind;
  /** The file that names the kind, relative to the release. */
  file: string;
}

/** What an app is served by, added where its dependencies do not bring it. */
const servers: Record<AppInterface, readonly string[]> = {
  wsgi: ["gunicorn"],
  asgi: ["gunicorn", "uvicorn", "uvicorn-worker", "websockets"],
};

/**
 * Reads the dependency files of a project.
 * @param given.dependencies the setting: a file, from the release's top or from the root
 * @param given.interface @default wsgi
 * @throws SourceError when there are none, more than one kind, or a lock that is out of date
 */
export async function readDependencies(
  project: Project,
  given: { dependencies?: string; interface?: AppInterface } = {},
): Promise<FoundDependencies> {
  const { dependencies: chosen, interface: gateway = "wsgi" } = given;
  const candidate = chosen === undefined ? await onlyCandidate(project) : chosenCandidate(project, chosen);
  const reading = await readers[candidate.kind](project, candidate.file);
  for (const [name, text] of Object.entries(reading.files)) {
    if (hasCredentials(text)) {
      refuse(
        candidate.file,
        `a URL with credentials in ${name}`,
        "URLs without",
        "Remove them and lock again.",
      );
    }
  }
  const parts = [candidate.kind, Object.entries(reading.files).sort()];
  const text = JSON.stringify(gateway === "wsgi" ? parts : [...parts, gateway]);
  const { files, names, pythonRequires } = reading;
  const added = servers[gateway].filter((name) => !names.includes(name));
  return {
    kind: candidate.kind,
    files,
    id: createHash("sha256").update(text).digest("hex").slice(0, 12),
    ...(pythonRequires !== undefined && { pythonRequires }),
    findings: [
      `Dependencies: ${candidate.file}${added.length === 0 ? "" : `; ${list(added)} ${added.length === 1 ? "is" : "are"} added`}.`,
      ...reading.findings,
    ],
  };
}

const readers: Record<DependencyKind, (project: Project, file: string) => Promise<Reading>> = {
  requirements: readRequirementsFile,
  pipfile: readPipfile,
  uv: (project, file) => readLock(project, file, "uv lock"),
  poetry: (project, file) => readLock(project, file, "poetry lock"),
  pyproject: readPyproject,
};

const LOCKS: [string, DependencyKind][] = [
  ["uv.lock", "uv"],
  ["poetry.lock", "poetry"],
  ["Pipfile.lock", "pipfile"],
];

function chosenCandidate(project: Project, chosen: string): Candidate {
  const file = [path.posix.normalize(chosen), project.fromRoot(chosen)].find((name) => project.has(name));
  if (file === undefined) {
    refuse(
      "app.dependencies",
      `no ${chosen} in the release`,
      "a file of the app",
      "Correct the path (is it in .gitignore?).",
    );
  }
  const name = path.posix.basename(file);
  if (name === "Pipfile") return { kind: "pipfile", file: `${file}.lock` };
  const kind =
    LOCKS.find(([lock]) => lock === name)?.[1] ?? (name === "pyproject.toml" ? "pyproject" : "requirements");
  return { kind, file };
}

async function onlyCandidate(project: Project): Promise<Candidate> {
  const folders = [...new Set(["", project.root])];
  const candidates = (await Promise.all(folders.map((folder) => candidatesIn(project, folder)))).flat();
  const [candidate] = candidates;
  if (candidate === undefined) {
    const fix =
      "Add one (`pip freeze > requirements.txt`, `uv lock` or `pipenv lock`), or set app.dependencies.";
    refuse(
      "app.dependencies",
      "no file names the app's dependencies",
      "requirements.txt, Pipfile.lock, uv.lock, poetry.lock or pyproject.toml",
      fix,
    );
  }
  if (candidates.length > 1) {
    const names = candidates.map(({ file }) => file);
    refuse(
      "app.dependencies",
      `several: ${list(names)}`,
      "one",
      `Set app.dependencies to the one that counts, such as ${candidate.file}.`,
    );
  }
  return candidate;
}

async function candidatesIn(project: Project, folder: string): Promise<Candidate[]> {
  const at = (name: string) => path.posix.join(folder, name);
  const candidates: Candidate[] = LOCKS.filter(([lock]) => project.has(at(lock))).map(([lock, kind]) => ({
    kind,
    file: at(lock),
  }));
  if (project.has(at("Pipfile")) && !project.has(at("Pipfile.lock")))
    candidates.push({ kind: "pipfile", file: at("Pipfile.lock") });
  const requirements = [
    "requirements.txt",
    "requirements/production.txt",
    "requirements/prod.txt",
    "requirements/base.txt",
  ];
  const found = requirements.map(at).filter((file) => project.has(file));
  // requirements.txt often just includes one of the folder's; base.txt is what the production ones include.
  const narrowed =
    found[0] === at("requirements.txt")
      ? found.slice(0, 1)
      : found.length > 1
        ? found.filter((file) => !file.endsWith("/base.txt"))
        : found;
  candidates.push(...narrowed.map((file) => ({ kind: "requirements" as const, file })));
  const locked = candidates.some(({ kind }) => kind === "uv" || kind === "poetry");
  if (
    !locked &&
    project.has(at("pyproject.toml")) &&
    (await namesDependencies(project, at("pyproject.toml")))
  ) {
    candidates.push({ kind: "pyproject", file: at("pyproject.toml") });
  }
  return candidates;
}

async function readRequirementsFile(project: Project, file: string): Promise<Reading> {
  const { files, names, findings } = await readRequirements(project, file);
  const version =
    (await project.read(project.fromRoot(".python-version"))) ?? (await project.read(".python-version"));
  const minor = /^\s*(?:python-)?(3\.\d+)/.exec(version ?? "")?.[1];
  return { files, names, findings, pythonRequires: minor === undefined ? undefined : `==${minor}.*` };
}
