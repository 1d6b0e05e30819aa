import * as path from "node:path";
import type { Given } from "./django";
import { checkModule, fileOf, modules, within } from "./modules";
import { refuse } from "./problems";
import type { Project } from "./project";
import { list } from "./text";

/** The modules a Python text sets or defaults DJANGO_SETTINGS_MODULE to, each once. */
export function settingsNamed(python: string): string[] {
  const code = python.replace(/^\s*#.*$/gm, "");
  const pattern = /DJANGO_SETTINGS_MODULE["']\s*\]?\s*[,=]\s*(?:default\s*=\s*)?["']([A-Za-z_][\w.]*)["']/g;
  return [...new Set([...code.matchAll(pattern)].map((match) => match[1] ?? ""))];
}

/**
 * The settings module that was given, else the one that wsgi.py (or asgi.py), else manage.py names.
 * @param fromManage what manage.py names
 * @param findings gets a sentence about the choice
 * @throws SourceError when there is none, or more than one
 */
export async function findSettings(
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
  const server = `${given.interface ?? "wsgi"}.py`;
  const fromServer = await settingsOfServer(project, server, fromManage);
  const [from, candidates] = fromServer.length > 0 ? [server, fromServer] : ["manage.py", fromManage];
  const [chosen] = candidates;
  if (chosen === undefined) {
    const files = modules(project, /(^|\/)settings(\.py|\/[^/]+\.py)$/);
    refuse(
      key,
      `neither manage.py nor ${server} names a settings module`,
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
  const inside = modulesIn(project, chosen);
  if (inside.length > 0 && (await isEmpty(project, chosen))) {
    refuse(
      key,
      `${chosen} (from ${from}), a package without settings of its own`,
      `one of its modules: ${list(inside)}`,
      "Set app.settingsModule to the one for this server.",
    );
  }
  checkModule(project, key, chosen);
  findings.push(
    `Settings module: ${chosen} (from ${from}${differs(fromManage, chosen)}).${developmentHint(project, chosen)}`,
  );
  return chosen;
}

/** The modules of a package, such as those of settings: a.settings.production, a.settings.staging. */
function modulesIn(project: Project, name: string): string[] {
  return modules(project, /\.py$/).filter((module) => module.startsWith(`${name}.`));
}

/** Whether a package says nothing itself. */
async function isEmpty(project: Project, name: string): Promise<boolean> {
  const file = fileOf(project, name);
  return file === undefined || ((await project.read(file)) ?? "").replace(/^\s*#.*$/gm, "").trim() === "";
}

/** The settings that wsgi.py (or asgi.py) files name: those beside manage.py's settings, else any. */
async function settingsOfServer(project: Project, server: string, fromManage: string[]): Promise<string[]> {
  const files = project.files.filter((file) => within(project, file) && path.posix.basename(file) === server);
  const packages = fromManage.map((module) => project.fromRoot(module.split(".")[0] ?? ""));
  const beside = files.filter((file) => packages.some((folder) => file.startsWith(`${folder}/`)));
  const texts = await Promise.all((beside.length > 0 ? beside : files).map((file) => project.read(file)));
  return [...new Set(texts.flatMap((text) => settingsNamed(text ?? "")))];
}

function differs(fromManage: string[], chosen: string): string {
  const others = fromManage.filter((module) => module !== chosen);
  return others.length > 0 ? `; manage.py names ${list(others)}` : "";
}

/** Tells of settings/staging.py where it is settings/production.py that was found. */
function othersBeside(project: Project, module: string): string {
  const [, folder] = /^(.*\bsettings)\.\w+$/.exec(module) ?? [];
  const others = folder === undefined ? [] : modulesIn(project, folder).filter((other) => other !== module);
  return others.length > 0 ? ` Beside it: ${list(others)}; app.settingsModule chooses.` : "";
}

function developmentHint(project: Project, module: string): string {
  const parts = module.split(".");
  if (!/^(dev|develop|development|local)$/.test(parts.at(-1) ?? "")) return othersBeside(project, module);
  const production = ["production", "prod"].map((name) => [...parts.slice(0, -1), name].join("."));
  const other = production.find((candidate) => fileOf(project, candidate) !== undefined);
  return other === undefined
    ? othersBeside(project, module)
    : ` It looks like one for development: set app.settingsModule: ${other} for a server.`;
}
