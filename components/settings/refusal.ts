import * as pulumi from "@pulumi/pulumi";

import type { Problem } from "../source";

/**
 * Every mistake at once, as a person reads it.
 * @param subject what has the mistakes, such as `the settings of stack vps`
 */
export function refusal(subject: string, problems: readonly Problem[]): pulumi.RunError {
  const lines = problems.map(
    ({ key, value, expected, fix }) => `  ${key}: ${value}\n    expected ${expected}\n    ${fix}`,
  );
  const count = problems.length === 1 ? "one mistake" : `${problems.length} mistakes`;
  const message = `${subject} have ${count}; nothing was changed\n${lines.join("\n")}`;
  // The engine prints only the message, but first formats the stack, which takes it many seconds with source maps.
  return Object.assign(new pulumi.RunError(message), { stack: message });
}
