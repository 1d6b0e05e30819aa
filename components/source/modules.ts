import * as path from "node:path";
import { refuse } from "./problems";
import type { Project } from "./project";

/** @throws SourceError when the name is none, or the release has no such module */
export function checkModule(project: Project, key: string, module: string): void {
  if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(module)) {
    refuse(key, module, "a Python module such as mysite.settings", `Correct ${key}.`);
  }
  if (fileOf(project, module) !== undefined) return;
  const file = project.fromRoot(`${module.replaceAll(".", "/")}.py`);
  refuse(
    key,
    `${module}, but the release has no ${file}`,
    "a module of the app",
    `Add it (is it in .gitignore?) or set ${key}.`,
  );
}

/** The file of a Python module, undefined when the release has none. */
export function fileOf(project: Project, module: string): string | undefined {
  const stem = project.fromRoot(module.replaceAll(".", "/"));
  return [`${stem}.py`, `${stem}/__init__.py`].find((file) => project.has(file));
}

/** The modules below the root whose files match, as Python names them. */
export function modules(project: Project, pattern: RegExp): string[] {
  const files = project.files.filter((file) => within(project, file) && pattern.test(file));
  const relative = files.map((file) => path.posix.relative(project.root, file));
  return relative.map((file) => file.replace(/(\/__init__)?\.py$/, "").replaceAll("/", "."));
}

/** Whether a file lies below the root. */
export function within(project: Project, file: string): boolean {
  return project.root === "" || file.startsWith(`${project.root}/`);
}
