import type { z } from "zod";

import { shellWord } from "../render/shell";
import type { Problem } from "../source";
import { acrossKeys } from "./across";
import { secretSchema, stackSchema, type StackSecrets, type StackSettings } from "./schema";

/** A stack's configuration as the engine hands it over: texts, objects already parsed, secrets in clear. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** Every part of a configuration that is right, with its defaults; without problems that is all of them. */
export interface CheckedConfig {
  parts: Partial<StackSettings & StackSecrets>;
  /** Everything that is wrong; a secret's value is in none of them. */
  problems: Problem[];
}

/**
 * Checks a whole configuration without touching anything, each key for itself, so that one mistake hides no other.
 * @param encrypted whether the stack keeps a key's value, or a part of it, encrypted
 * @param only the keys that are asked for; all of them, if none are named
 * @param later secrets that are given, and whose values are not known yet
 */
export function checkConfig(
  config: RawConfig,
  encrypted: (key: string) => boolean,
  only?: readonly string[],
  later: readonly string[] = [],
): CheckedConfig {
  const all: Record<string, z.ZodType> = { ...stackSchema.shape, ...secretSchema.shape };
  const schemas = Object.fromEntries(Object.entries(all).filter(([key]) => only?.includes(key) ?? true));
  const problems = Object.keys(config)
    .filter((key) => !Object.hasOwn(schemas, key))
    .map((key) => unknownKey([key]));
  const parts: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(schemas)) {
    const secret = key in secretSchema.shape;
    const result = schema.safeParse(config[key]);
    if (result.success) parts[key] = result.data;
    else {
      const shown = secret || encrypted(key) ? undefined : config;
      problems.push(...result.error.issues.flatMap((issue) => problemsOf(issue, key, secret, shown)));
    }
    if (secret !== encrypted(key) && !isEmpty(config[key])) problems.push(wronglyKept(key, secret));
  }
  // One that is wrong is given all the same, and no further mistake.
  const given = Object.keys(schemas).filter((key) => !isEmpty(config[key]));
  problems.push(...acrossKeys(parts, [...given, ...later]));
  return { parts, problems };
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === "" || (typeof value === "object" && Object.keys(value ?? {}).length === 0);

/** The secrets that have parts, and one of them for an example. */
const partOf: Readonly<Record<string, Path>> = { secretEnvironment: ["NAME"], superuser: ["password"] };

/** Plain values are shown in previews and kept readable in the state; encrypted ones are nowhere. */
function wronglyKept(key: string, secret: boolean): Problem {
  return secret
    ? {
        ...{ key, value: "plain text", expected: "an encrypted value" },
        fix: `Set it again, with: ${commandToSet([key, ...(partOf[key] ?? [])], true)}`,
      }
    : {
        ...{ key, value: "an encrypted value", expected: "plain values: this key is shown in previews" },
        fix: key === "environment" ? "Move it to secretEnvironment." : "Set it again, without --secret.",
      };
}

type Path = readonly (string | number)[];

/** One zod issue as the lines a person reads. `config` is left out where its values are secrets. */
function problemsOf(
  issue: z.core.$ZodIssue,
  top: string,
  secret: boolean,
  config: RawConfig | undefined,
): Problem[] {
  const path = [top, ...issue.path.map((step) => (typeof step === "symbol" ? String(step) : step))];
  if (issue.code === "unrecognized_keys") return issue.keys.map((name) => unknownKey([...path, name]));
  const value = valueAt(config, path);
  const key = written(path);
  if (issue.code === "invalid_key") {
    return [
      { key, value: "this name", expected: issue.issues[0]?.message ?? issue.message, fix: "Rename it." },
    ];
  }
  const holdsMore = typeof value === "object" && !isEmpty(value);
  const list = Array.isArray(value) || (issue.code === "invalid_type" && issue.expected === "array");
  const fix =
    path.length === 1 || holdsMore
      ? "Correct it in the stack's settings file."
      : commandToSet(list ? [...path, 0] : path, secret);
  return [{ key, value: config === undefined ? "[secret]" : shown(value), expected: issue.message, fix }];
}

const unknownKey = (path: Path): Problem => ({
  ...{ key: written(path), value: "this key", expected: "a key of the settings reference" },
  fix: `Correct its spelling, or: pulumi config rm --path ${shellWord(written(path))}`,
});

const commandToSet = (path: Path, secret: boolean): string =>
  `pulumi config set ${secret ? "--secret " : ""}--path ${shellWord(written(path))} ${secret ? "(then type the value)" : "VALUE"}`;

/** A path as `pulumi config --path` reads it. */
const written = (path: Path): string =>
  path
    .map((step) =>
      typeof step === "number"
        ? `[${step}]`
        : /^[\w-]+$/.test(step)
          ? `.${step}`
          : `[${JSON.stringify(step)}]`,
    )
    .join("")
    .replace(/^\./, "");

const valueAt = (config: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    config,
  );

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}
