import type { Given } from "./django";
import { checkModule, fileOf, modules } from "./modules";
import { refuse } from "./problems";
import type { Project } from "./project";
import { list } from "./text";

/** What settings say in `WSGI_APPLICATION = "x.wsgi.application"`, as `x.wsgi:application`. */
export function wsgiApplicationNamed(settings: string): string | undefined {
  const match = /^\s*WSGI_APPLICATION\s*=\s*["']([\w.]+)\.(\w+)["']/m.exec(settings);
  return match ? `${match[1] ?? ""}:${match[2] ?? ""}` : undefined;
}

/**
 * The WSGI application that was given, else the one that the settings name, else that of the wsgi.py beside them.
 * @param findings gets a sentence about the choice
 * @throws SourceError when there is none, or more than one
 */
export async function findWsgi(
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
