import type { Given } from "./django";
import { checkModule, fileOf, modules } from "./modules";
import { refuse } from "./problems";
import type { Project } from "./project";
import { list } from "./text";

/** How a server speaks with the app. */
export type AppInterface = "wsgi" | "asgi";

/** What settings say in `WSGI_APPLICATION = "x.wsgi.application"` (or `ASGI_…`), as `x.wsgi:application`. */
export function applicationNamed(settings: string, gateway: AppInterface): string | undefined {
  const setting = `^\\s*${gateway.toUpperCase()}_APPLICATION\\s*=\\s*["']([\\w.]+)\\.(\\w+)["']`;
  const match = new RegExp(setting, "m").exec(settings);
  return match ? `${match[1] ?? ""}:${match[2] ?? ""}` : undefined;
}

/**
 * The application that was given, else the one that the settings name, else that of the wsgi.py or asgi.py beside them.
 * @param findings gets a sentence about the choice
 * @throws SourceError when there is none, or more than one
 */
export async function findApplication(
  project: Project,
  given: Given,
  settings: string | undefined,
  findings: string[],
): Promise<string> {
  const gateway = given.interface ?? "wsgi";
  const [key, name] = [`app.${gateway}Module`, gateway.toUpperCase()];
  const asked = given[`${gateway}Module`];
  if (asked !== undefined) return checkApplication(project, key, asked, gateway);
  const said = settings === undefined ? undefined : await applicationOfSettings(project, settings, gateway);
  if (said !== undefined) {
    checkModule(project, key, said.split(":")[0] ?? "");
    findings.push(`${name} application: ${said} (from ${name}_APPLICATION in ${settings ?? ""}).`);
    return said;
  }
  const found = modules(project, new RegExp(`(^|/)${gateway}\\.py$`));
  const own = packagesAbove(settings ?? "", gateway).filter((module) => found.includes(module));
  const candidates = own.length > 0 ? own.slice(-1) : found;
  const [chosen] = candidates;
  if (chosen === undefined) {
    refuse(
      key,
      `no ${gateway}.py and no ${name}_APPLICATION`,
      `${article(name)} module`,
      `Add the ${gateway}.py that django-admin startproject makes, or set ${key}${otherwise(project, gateway)}.`,
    );
  }
  if (candidates.length > 1)
    refuse(key, `several: ${list(candidates)}`, `one ${name} module`, `Set ${key} to one of them.`);
  findings.push(`${name} application: ${chosen}:application (its ${gateway}.py; the settings name none).`);
  return `${chosen}:application`;
}

function checkApplication(project: Project, key: string, given: string, gateway: AppInterface): string {
  const [module = "", name = "application"] = given.replace(/\.application$/, "").split(":");
  checkModule(project, key, module);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    refuse(key, given, `package.module:name, such as mysite.${gateway}:application`, `Correct ${key}.`);
  }
  return `${module}:${name}`;
}

const article = (name: string): string => (name === "ASGI" ? `an ${name}` : `a ${name}`);

/** A project of the other interface is not to be given a file that it does not need. */
const otherwise = (project: Project, gateway: AppInterface): string => {
  const other = gateway === "wsgi" ? "asgi" : "wsgi";
  const found = modules(project, new RegExp(`(^|/)${other}\\.py$`));
  return found.length > 0 ? `; for its ${other}.py, set app.interface: ${other}` : "";
};

/** The application named in the settings or in those they take over by `from … import *`. */
async function applicationOfSettings(
  project: Project,
  module: string,
  gateway: AppInterface,
  seen = new Set<string>(),
): Promise<string | undefined> {
  const file = fileOf(project, module);
  if (file === undefined || seen.has(file)) return undefined;
  seen.add(file);
  const text = (await project.read(file)) ?? "";
  const named = applicationNamed(text, gateway);
  if (named !== undefined) return named;
  const folder = file.endsWith("/__init__.py") ? module : module.split(".").slice(0, -1).join(".");
  for (const [, dots = "", name = ""] of text.matchAll(/^\s*from\s+(\.*)([\w.]*)\s+import\s+\*/gm)) {
    const above = folder.split(".").slice(0, folder.split(".").length - (dots.length - 1));
    const imported = dots === "" ? name : [...above, ...(name === "" ? [] : [name])].join(".");
    const found = await applicationOfSettings(project, imported, gateway, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `a.b.settings` → wsgi, a.wsgi, a.b.wsgi. */
function packagesAbove(module: string, gateway: AppInterface): string[] {
  const parts = module.split(".").slice(0, -1);
  return [gateway, ...parts.map((_, index) => [...parts.slice(0, index + 1), gateway].join("."))];
}
