import type { z } from "zod";

import { shellWord } from "../render/shell";
import type { Problem } from "../source";
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
 */
export function checkConfig(
  config: RawConfig,
  encrypted: (key: string) => boolean,
  only?: readonly string[],
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
  problems.push(...acrossKeys(parts));
  return { parts, problems };
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === "" || (typeof value === "object" && Object.keys(value ?? {}).length === 0);

/** Plain values are shown in previews and kept readable in the state; encrypted ones are nowhere. */
function wronglyKept(key: string, secret: boolean): Problem {
  return secret
    ? {
        ...{ key, value: "plain text", expected: "an encrypted value" },
        fix: `Set it again, with: ${commandToSet(key === "secretEnvironment" ? [key, "NAME"] : [key], true)}`,
      }
    : {
        ...{ key, value: "an encrypted value", expected: "plain values: this key is shown in previews" },
        fix: key === "environment" ? "Move it to secretEnvironment." : "Set it again, without --secret.",
      };
}

/** What one key alone cannot show. */
function acrossKeys(parts: CheckedConfig["parts"]): Problem[] {
  const { machine, site, environment = {}, gunicorn, nginx, health } = parts;
  const { secretEnvironment = {}, sshPrivateKey } = parts;
  const problems: Problem[] = [];
  const twice = Object.keys(environment).filter((name) => Object.hasOwn(secretEnvironment, name));
  if (twice.length > 0) {
    problems.push({
      ...{ key: "environment", value: twice.join(", "), expected: "each variable in one place" },
      fix: "Remove it from environment or from secretEnvironment.",
    });
  }
  if (machine?.kind === "ssh") {
    const given = [sshPrivateKey !== undefined, machine.privateKeyFile !== undefined, machine.agent === true];
    const count = given.filter(Boolean).length;
    if (count !== 1) {
      problems.push({
        ...{ key: "machine", value: count === 0 ? "no way to log in" : `${count} ways to log in` },
        expected: "exactly one of machine.agent, machine.privateKeyFile and the secret sshPrivateKey",
        fix: "For example: pulumi config set --path machine.privateKeyFile ~/.ssh/id_ed25519",
      });
    }
  }
  if (machine?.kind === "ec2" && sshPrivateKey !== undefined && machine.privateKeyFile !== undefined) {
    problems.push({
      ...{ key: "machine", value: "2 ways to log in" },
      expected: "at most one of machine.privateKeyFile and the secret sshPrivateKey",
      fix: "Remove one: pulumi config rm --path machine.privateKeyFile",
    });
  }
  if (gunicorn && gunicorn.gracefulTimeout < gunicorn.timeout) {
    problems.push({
      ...{ key: "gunicorn.gracefulTimeout", value: String(gunicorn.gracefulTimeout) },
      expected: `at least gunicorn.timeout (${gunicorn.timeout}), or a restart cuts slow requests off`,
      fix: `pulumi config set --path gunicorn.gracefulTimeout ${gunicorn.timeout}`,
    });
  }
  if (nginx && nginx.staticUrl === nginx.mediaUrl) {
    problems.push({
      ...{ key: "nginx.mediaUrl", value: nginx.mediaUrl, expected: "another path than nginx.staticUrl" },
      fix: "Set both to the app's own STATIC_URL and MEDIA_URL.",
    });
  }
  if (site && health?.host !== undefined && !site.domains.includes(health.host)) {
    problems.push({
      ...{ key: "health.host", value: health.host, expected: "one of site.domains, which nginx serves" },
      fix: "Add it to site.domains, or leave it out: then it is the first of them.",
    });
  }
  return problems;
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
