import * as path from "node:path";
import { findApplication, type AppInterface } from "./application";
import { refuse, type Problems } from "./problems";
import type { Project } from "./project";
import { findSettings, settingsNamed } from "./settingsModule";
import { list } from "./text";

/** Where Django's settings and the application that is served are. */
export interface Django {
  /** `mysite.settings`. */
  settingsModule: string;
  /** `mysite.wsgi:application`. */
  application: string;
  /** What was chosen and from which file. */
  findings: string[];
}

export interface Given {
  /** @default wsgi */
  interface?: AppInterface;
  settingsModule?: string;
  wsgiModule?: string;
  asgiModule?: string;
}

/**
 * Finds the settings module and the application that were not given. What a server runs, wsgi.py or asgi.py, wins over
 * manage.py, which developers run; more than one answer is refused.
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
  const application = await problems.collect(() => findApplication(project, given, settings, findings));
  if (settings === undefined || application === undefined) return undefined;
  return { settingsModule: settings, application, findings };
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
