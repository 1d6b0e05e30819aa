import { randomBytes } from "node:crypto";
import type { Output } from "./capture";
import { isUnknown, unwrap } from "./properties";
import type { CheckFailure, Operation, Properties, ResourceType } from "./resource";

/** Ran to its end: why it failed, in Go's words (`exit status 3`), or undefined when it succeeded. */
export interface Result extends Output {
  failure: string | undefined;
}

/** Runs `command` as `inputs` say; `previous` are variables for the process, best effort. */
export type Run = (
  command: string,
  inputs: Properties,
  previous: Record<string, string>,
  operation: Operation,
) => Promise<Result>;

/** The inputs that local and remote commands share. */
export const commandInputs = [
  "create",
  "update",
  "delete",
  "triggers",
  "stdin",
  "logging",
  "environment",
  "addPreviousOutputInEnv",
] as const;

/**
 * When a command resource runs what: `create` at first, then `update` or else `create` again whenever an input changed,
 * `delete` at last. Each of them may be missing.
 */
export function commandResource(
  inputs: readonly string[],
  check: ResourceType["check"],
  run: Run,
): ResourceType {
  const execute = async (
    command: string | undefined,
    properties: Properties,
    old: Properties,
    operation: Operation,
  ) => {
    if (command === undefined) return { stdout: old.stdout ?? "", stderr: old.stderr ?? "" };
    const previous = properties.addPreviousOutputInEnv === false ? {} : previousOutput(old);
    const result = await run(command, properties, previous, operation);
    if (result.failure !== undefined) {
      throw new Error(`${result.failure}: running ${quote(command)}:\n${result.both}`);
    }
    return { stdout: result.stdout.replace(/\n$/, ""), stderr: result.stderr.replace(/\n$/, "") };
  };
  return {
    inputs: [...commandInputs, ...inputs],
    check(properties) {
      const checked = check(properties);
      return { ...checked, failures: [...textFailures(properties), ...checked.failures] };
    },
    async create(properties, operation) {
      const outputs = await execute(properties.create as string | undefined, properties, {}, operation);
      return { id: operation.name + randomBytes(4).toString("hex"), outputs };
    },
    update: (old, properties, operation) =>
      execute((properties.update ?? properties.create) as string | undefined, properties, old, operation),
    async delete(old, operation) {
      if (old.delete !== undefined) await execute(old.delete as string, old, old, operation);
    },
  };
}

function textFailures(properties: Properties): CheckFailure[] {
  return ["create", "update", "delete", "stdin"].flatMap((property) => {
    const value = unwrap(properties[property]);
    return value === undefined || typeof value === "string" || isUnknown(value)
      ? []
      : [{ property, reason: `must be a string, not ${typeof value}` }];
  });
}

function previousOutput(old: Properties): Record<string, string> {
  const variables = { PULUMI_COMMAND_STDOUT: old.stdout, PULUMI_COMMAND_STDERR: old.stderr };
  return Object.fromEntries(
    Object.entries(variables).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
    ),
  );
}

/** A command in an error message, quoted as the real plugin does (Go's %q). */
export function quote(text: string): string {
  return JSON.stringify(text)
    .replaceAll("\\u0007", "\\a")
    .replaceAll("\\u000b", "\\v")
    .replaceAll(/\\u00([01][0-9a-f])/g, "\\x$1")
    .replaceAll("\u007f", "\\x7f");
}
