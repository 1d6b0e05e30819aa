import * as path from "node:path";
import { Problems } from "./problems";
import type { Project } from "./project";
import { count, hasCredentials, list, requirementName } from "./text";

export interface Requirements {
  /** requirements.txt, and constraints.txt when there are any: self-contained, without comments. */
  files: Record<string, string>;
  /** The packages required, normalised. */
  names: string[];
  findings: string[];
}

/**
 * Flattens a requirements file: what -r includes is put in its place, what -c names is put together in one
 * constraints.txt.
 * @param file relative to the release
 * @throws SourceError naming every line that a machine could not follow
 */
export async function readRequirements(project: Project, file: string): Promise<Requirements> {
  const reader = new Reader(project);
  await reader.include(file, false, "app.dependencies");
  reader.problems.throwIfAny();
  const { requirements, constraints } = reader;
  const files: Record<string, string> = { "requirements.txt": [...requirements, ""].join("\n") };
  if (constraints.length > 0) {
    files["requirements.txt"] = ["-c constraints.txt", ...requirements, ""].join("\n");
    files["constraints.txt"] = [...constraints, ""].join("\n");
  }
  const packages = requirements.filter((line) => !line.startsWith("-"));
  const names = packages.map(requirementName).filter((name) => name !== undefined);
  const loose = packages.filter((line) => !/===?[^;]*\d|@\s*\S+:/.test(line));
  const findings = [...reader.findings];
  if (loose.length > 0 && constraints.length === 0) {
    const which = list(
      loose.map((line) => requirementName(line) ?? line),
      3,
    );
    findings.push(
      `${count(loose.length, "requirement")} in ${file} without an exact version (${which}): another machine may get another one.`,
    );
  }
  return { files, names, findings };
}

const PASSED =
  /^(-i|--index-url|--extra-index-url|-f|--find-links|--no-binary|--only-binary|--pre|--prefer-binary|--require-hashes|--no-index|--trusted-host)(?=$|[\s=])/;
const NESTED = /^(-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=-[rc])(?=[^-\s]))(.+)$/;
const PACKAGE = /^[A-Za-z0-9][\w.-]*\s*(\[[\w\s,.-]*\]\s*)?($|[<>]=?|[=!~]=|[;(@]|--)/;
const URL = /^(git\+)?(https|ssh):\/\//;

class Reader {
  readonly requirements: string[] = [];
  readonly constraints: string[] = [];
  readonly findings: string[] = [];
  readonly problems = new Problems();
  private readonly seen = new Set<string>();

  constructor(private readonly project: Project) {}

  async include(file: string, asConstraint: boolean, where: string): Promise<void> {
    const visit = `${String(asConstraint)} ${file}`;
    if (this.seen.has(visit)) return;
    this.seen.add(visit);
    const text = await this.project.read(file);
    if (text === undefined) {
      this.refuse(
        where,
        `no ${file} in the release`,
        "an existing file",
        "Add it, or correct its path (is it in .gitignore?).",
      );
      return;
    }
    for (const { line, number } of logicalLines(text)) await this.take(line, file, number, asConstraint);
  }

  private async take(line: string, file: string, number: number, asConstraint: boolean): Promise<void> {
    const where = `${file}:${number}`;
    const nested = NESTED.exec(line);
    if (hasCredentials(line)) {
      this.refuse(
        where,
        "a URL with credentials",
        "a URL without",
        "Remove them, or use a git+ssh URL with a deploy key.",
      );
    } else if (nested) {
      await this.nest(nested, file, where, asConstraint);
    } else {
      const kept = this.understood(line, where);
      if (kept !== undefined) (asConstraint ? this.constraints : this.requirements).push(kept);
    }
  }

  private async nest(
    nested: RegExpExecArray,
    file: string,
    where: string,
    asConstraint: boolean,
  ): Promise<void> {
    const [, option = "", target = ""] = nested;
    const included = path.posix.join(path.posix.dirname(file), target.trim());
    if (/^[a-z]+:\/\//.test(target) || path.posix.isAbsolute(target) || included.startsWith("..")) {
      this.refuse(where, `${option} ${target}`, "a file of the app", "Copy it into the app.");
      return;
    }
    await this.include(included, asConstraint || option.startsWith("-c") || option === "--constraint", where);
  }

  /** The line as a machine can follow it, undefined when it was refused or means nothing there. */
  private understood(line: string, where: string): string | undefined {
    const editable = /^(?:-e|--editable)(?:\s*=\s*|\s+)(.+)$/.exec(line)?.[1];
    const requirement = editable ?? line;
    if (/^--trusted-host/.test(line)) {
      this.findings.push(`${where}: --trusted-host is not honoured.`);
      return undefined;
    }
    if (PASSED.test(line)) {
      const local = /^(-f|--find-links)[\s=]+(?!https:)/.test(line);
      if (local) this.refuse(where, line, "an https URL", "Use packages that a machine can get.");
      return local ? undefined : formatHashes(line);
    }
    const url = / @ *(\S+)|^(\S+:\/\/\S+)/.exec(requirement);
    const location = url?.[1] ?? url?.[2];
    const local = isLocal(location ?? requirement);
    const named = PACKAGE.test(requirement) && !local && editable === undefined;
    if (location === undefined ? !named : !URL.test(location)) {
      const fix = local
        ? "Local paths stay on this computer: name a version, an https or a git+https URL; the app itself needs no line."
        : "Correct the line; a requirement looks like django==5.2.";
      this.refuse(where, line, "a package, a git+https, git+ssh or https URL", fix);
      return undefined;
    }
    const egg =
      url?.[2] === undefined
        ? undefined
        : /#egg=([\w.-]+)(\[[\w,.-]+\])?&?(subdirectory=[^&\s]+)?/.exec(requirement);
    if (!egg) return formatHashes(requirement);
    const [whole, name = "", extras = "", subdirectory] = egg;
    return formatHashes(
      `${name}${extras} @ ${requirement.replace(whole, subdirectory ? `#${subdirectory}` : "")}`,
    );
  }

  private refuse(where: string, value: string, expected: string, fix: string): void {
    this.problems.add({ key: where, value, expected, fix });
  }
}

/** Whether a requirement or its URL is a path of this computer. */
function isLocal(text: string): boolean {
  if (text.includes("://")) return text.startsWith("file:");
  return /^[.~]|^file:|^[^;]*[/\\]|\.(whl|zip|tar\.gz)$/.test(text);
}

/** Lines with continuations joined and comments gone, each with the number it starts at. */
function logicalLines(text: string): { line: string; number: number }[] {
  const result: { line: string; number: number }[] = [];
  let pending: { line: string; number: number } | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const bare = raw.replace(/(^|\s)#.*$/, "");
    const continues = /\\\s*$/.test(bare);
    const line = `${pending?.line ?? ""} ${bare.replace(/\\\s*$/, "")}`.trim();
    pending = { line, number: pending?.number ?? index + 1 };
    if (continues) continue;
    if (line !== "") result.push(pending);
    pending = undefined;
  }
  if (pending && pending.line !== "") result.push(pending);
  return result;
}

/** Each hash on a line of its own, as pip-compile writes them. */
function formatHashes(line: string): string {
  return line.replace(/\s+--hash[=\s]+/g, " \\\n    --hash=");
}
