import type { z } from "zod";

import type { Problem } from "../source";
import { secretSchemas, stackSchema, type StackSettings } from "./schema";

/** A stack's configuration as the engine hands it over: texts, objects already parsed, secrets in clear. */
export type RawConfig = Readonly<Record<string, unknown>>;

export interface CheckedConfig {
  settings: StackSettings;
  secretEnvironment: Record<string, string>;
  sshPrivateKey?: string;
  bastionPrivateKey?: string;
}

/**
 * Checks a whole configuration without touching anything.
 * @returns the settings with their defaults, or every problem found; a secret's value is in none of them
 */
export function checkConfig(config: RawConfig): CheckedConfig | Problem[] {
  const secretKeys = Object.keys(secretSchemas);
  const plain = Object.fromEntries(Object.entries(config).filter(([key]) => !secretKeys.includes(key)));
  const settings = stackSchema.safeParse(plain);
  const problems = settings.success ? [] : settings.error.issues.flatMap((issue) => problemsOf(issue, plain));

  const secret = <K extends keyof typeof secretSchemas>(key: K) => {
    const result = secretSchemas[key].safeParse(config[key]);
    if (result.success) return result.data as z.output<(typeof secretSchemas)[K]>;
    problems.push(...result.error.issues.flatMap((issue) => problemsOf(issue, undefined, key)));
    return undefined;
  };
  const secretEnvironment = secret("secretEnvironment");
  const sshPrivateKey = secret("sshPrivateKey");
  const bastionPrivateKey = secret("bastionPrivateKey");
  if (settings.success) problems.push(...acrossKeys(settings.data, secretEnvironment ?? {}, sshPrivateKey));
  if (problems.length > 0 || !settings.success || secretEnvironment === undefined) return problems;
  return {
    settings: settings.data,
    secretEnvironment,
    ...(sshPrivateKey !== undefined && { sshPrivateKey }),
    ...(bastionPrivateKey !== undefined && { bastionPrivateKey }),
  };
}

/** What one key alone cannot show. */
function acrossKeys(
  { machine, environment, gunicorn }: StackSettings,
  secretEnvironment: Record<string, string>,
  sshPrivateKey: string | undefined,
): Problem[] {
  const problems: Problem[] = [];
  const twice = Object.keys(environment).filter((name) => name in secretEnvironment);
  if (twice.length > 0) {
    problems.push({
      ...{ key: "environment", value: twice.join(", "), expected: "each variable in one place" },
      fix: "Remove it from environment or from secretEnvironment.",
    });
  }
  if (machine.kind === "ssh") {
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
  if (gunicorn.gracefulTimeout < gunicorn.timeout) {
    problems.push({
      ...{ key: "gunicorn.gracefulTimeout", value: String(gunicorn.gracefulTimeout) },
      expected: `at least gunicorn.timeout (${gunicorn.timeout}), or a restart cuts slow requests off`,
      fix: `pulumi config set --path gunicorn.gracefulTimeout ${gunicorn.timeout}`,
    });
  }
  return problems;
}

/** One zod issue as the lines a person reads. `config` is left out where its values are secrets. */
function problemsOf(issue: z.core.$ZodIssue, config: RawConfig | undefined, prefix?: string): Problem[] {
  const path = [...(prefix === undefined ? [] : [prefix]), ...issue.path.map(String)];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((name) => ({
      ...{ key: [...path, name].join("."), value: "this key", expected: "a key of the settings reference" },
      fix: `Correct its spelling, or: pulumi config rm --path ${[...path, name].join(".")}`,
    }));
  }
  const key = path.join(".");
  const wanted = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return [
    {
      ...{ key, value: config === undefined ? "[secret]" : shown(valueAt(config, path)), expected: wanted },
      fix: issue.code === "invalid_key" ? "Rename it." : `pulumi config set --path ${key} VALUE`,
    },
  ];
}

const valueAt = (config: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
    config,
  );

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const json = JSON.stringify(value);
  return json.length > 60 ? `${json.slice(0, 57)}…` : json;
}
