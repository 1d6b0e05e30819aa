import * as path from "node:path";
import { checkModule, fileOf, modules, within } from "./modules";
import { refuse, type Problems } from "./problems";
import type { Project } from "./project";
import { list } from "./text";

/** Where Django's settings and its WSGI application are. */
export interface Django {
  /** `mysite.settings`. */
  settingsModule: string;
  /** `mysite.wsgi:application`. */
  wsgiModule: string;
  /** What was chosen and from which file. */
  findings: string[];
}

export interface Given {
  settingsModule?: string;
  wsgiModule?: string;
}

/**
 * Finds the settings and WSGI modules that were not given. What a server runs, wsgi.py, wins over manage.py,
 * which developers run; more than one answer is refused.
 * @returns undefined when problems were noted
 */
export async function findDjango(
  project: Project,
  given: Given,
  problems: Problems,
): Promise<Django | undefined> {
  const manage = project.fromRoot("manage.py");
  if (!project.has(manage)) {
    await problems.collect(() => missingManage(project));
    return undefined;
  }
  const findings: string[] = [];
  const fromManage = settingsNamed((await project.read(manage)) ?? "");
  const settings = await problems.collect(() => findSettings(project, given, fromManage, findings));
  const wsgi = await problems.collect(() => findWsgi(project, given, settings, findings));
  if (settings === undefined || wsgi === undefined) return undefined;
  return { settingsModule: settings, wsgiModule: wsgi, findings };
}

/** The modules a Python text sets or defaults DJANGO_SETTINGS_MODULE to, each once. */
export function settingsNamed(python: string): string[] {
  const code = python.replace(/^\s*#.*$/gm, "");
  const pattern = /DJANGO_SETTINGS_MODULE["']\s*\]?\s*[,=]\s*(?:default\s*=\s*)?["']([A-Za-z_][\w.]*)["']/g;
  return [...new Set([...code.matchAll(pattern)].map((match) => match[1] ?? ""))];
}

/** What settings say in `WSGI_APPLICATION = "x.wsgi.application"`, as `x.wsgi:application`. */
export function wsgiApplicationNamed(settings: string): string | undefined {
  const match = /^\s*WSGI_APPLICATION\s*=\s*["']([\w.]+)\.(\w+)["']/m.exec(settings);
  return match ? `${match[1] ?? ""}:${match[2] ?? ""}` : undefined;
}

function missingManage(project: Project): never {
  const elsewhere = project.files.filter((file) => path.posix.basename(file) === "manage.py");
  const folders = elsewhere
    .map((file) => path.posix.dirname(file))
    .map((f) => (f === "." ? "the top" : `${f}/`));
  const fix =
    elsewhere.length === 0
      ? "Name the folder of a Django project (django-admin startproject makes one)."
      : `manage.py is in ${list(folders)}: set app.root${elsewhere.length === 1 ? `: ${rootOf(elsewhere[0])}` : " to one of them"}.`;
  return refuse(
    "app.root",
    project.root === "" ? "no manage.py at the top" : `no manage.py in ${project.root}`,
    "the folder that holds manage.py",
    fix,
  );
}

const rootOf = (file = ""): string => (file.includes("/") ? path.posix.dirname(file) : '""');

async function findSettings(
  project: Project,
  given: Given,
  fromManage: string[],
  findings: string[],
): Promise<string> {
  const key = "app.settingsModule";
  if (given.settingsModule !== undefined) {
    checkModule(project, key, given.settingsModule);
    return given.settingsModule;
  }
  const fromWsgi = await settingsOfWsgi(project, fromManage);
  const [from, candidates] = fromWsgi.length > 0 ? ["wsgi.py", fromWsgi] : ["manage.py", fromManage];
  const [chosen] = candidates;
  if (chosen === undefined) {
    const files = modules(project, /(^|\/)settings(\.py|\/__init__\.py|\/prod(uction)?\.py)$/);
    refuse(
      key,
      "neither manage.py nor wsgi.py names a settings module",
      "such as mysite.settings",
      `Set app.settingsModule${files.length > 0 ? `; found: ${list(files)}` : ""}.`,
    );
  }
  if (candidates.length > 1) {
    refuse(
      key,
      `several in ${from}: ${list(candidates)}`,
      "one settings module",
      "Set app.settingsModule to the one for this server.",
    );
  }
  checkModule(project, key, chosen);
  findings.push(
    `Settings module: ${chosen} (from ${from}${differs(fromManage, chosen)}).${developmentHint(project, chosen)}`,
  );
  return chosen;
}

/** The settings that wsgi.py files name: those beside manage.py's settings, else any. */
async function settingsOfWsgi(project: Project, fromManage: string[]): Promise<string[]> {
  const files = project.files.filter(
    (file) => within(project, file) && path.posix.basename(file) === "wsgi.py",
  );
  const packages = fromManage.map((module) => project.fromRoot(module.split(".")[0] ?? ""));
  const beside = files.filter((file) => packages.some((folder) => file.startsWith(`${folder}/`)));
  const texts = await Promise.all((beside.length > 0 ? beside : files).map((file) => project.read(file)));
  return [...new Set(texts.flatMap((text) => settingsNamed(text ?? "")))];
}

async function findWsgi(
  project: Project,
  given: Given,
  settings: string | undefined,
  findings: string[],
): Promise<string> {
  const key = "app.wsgiModule";
  if (given.wsgiModule !== undefined) {
    const [module = "", name = "application"] = given.wsgiModule.replace(/\.application$/, "").split(":");
    checkModule(project, key, module);
    if (!/^[A-Za-z_]\w*$/.test(name)) {
      refuse(
        key,
        given.wsgiModule,
        "package.module:name, such as mysite.wsgi:application",
        "Correct app.wsgiModule.",
      );
    }
    return `${module}:${name}`;
  }
  const said = settings === undefined ? undefined : await wsgiOfSettings(project, settings);
  if (said !== undefined) {
    checkModule(project, key, said.split(":")[0] ?? "");
    findings.push(`WSGI application: ${said} (from WSGI_APPLICATION in ${settings ?? ""}).`);
    return said;
  }
  const found = modules(project, /(^|\/)wsgi\.py$/);
  const own = packagesAbove(settings ?? "").filter((module) => found.includes(module));
  const candidates = own.length > 0 ? own.slice(-1) : found;
  const [chosen] = candidates;
  if (chosen === undefined) {
    refuse(
      key,
      "no wsgi.py and no WSGI_APPLICATION",
      "a WSGI module",
      "Add the wsgi.py that django-admin startproject makes, or set app.wsgiModule.",
    );
  }
  if (candidates.length > 1)
    refuse(key, `several: ${list(candidates)}`, "one WSGI module", "Set app.wsgiModule to one of them.");
  findings.push(`WSGI application: ${chosen}:application (its wsgi.py; the settings name none).`);
  return `${chosen}:application`;
}

/** WSGI_APPLICATION in the settings or in those they take over by `from … import *`. */
async function wsgiOfSettings(
  project: Project,
  module: string,
  seen = new Set<string>(),
): Promise<string | undefined> {
  const file = fileOf(project, module);
  if (file === undefined || seen.has(file)) return undefined;
  seen.add(file);
  const text = (await project.read(file)) ?? "";
  const named = wsgiApplicationNamed(text);
  if (named !== undefined) return named;
  const folder = file.endsWith("/__init__.py") ? module : module.split(".").slice(0, -1).join(".");
  for (const [, dots = "", name = ""] of text.matchAll(/^\s*from\s+(\.*)([\w.]*)\s+import\s+\*/gm)) {
    const above = folder.split(".").slice(0, folder.split(".").length - (dots.length - 1));
    const imported = dots === "" ? name : [...above, ...(name === "" ? [] : [name])].join(".");
    const found = await wsgiOfSettings(project, imported, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `a.b.settings` → wsgi, a.wsgi, a.b.wsgi. */
function packagesAbove(module: string): string[] {
  const parts = module.split(".").slice(0, -1);
  return ["wsgi", ...parts.map((_, index) => [...parts.slice(0, index + 1), "wsgi"].join("."))];
}

function differs(fromManage: string[], chosen: string): string {
  const others = fromManage.filter((module) => module !== chosen);
  return others.length > 0 ? `; manage.py names ${list(others)}` : "";
}

function developmentHint(project: Project, module: string): string {
  const parts = module.split(".");
  if (!/^(dev|develop|development|local)$/.test(parts.at(-1) ?? "")) return "";
  const production = ["production", "prod"].map((name) => [...parts.slice(0, -1), name].join("."));
  const other = production.find((candidate) => fileOf(project, candidate) !== undefined);
  return other === undefined
    ? ""
    : ` It looks like one for development: set app.settingsModule: ${other} for a server.`;
}
