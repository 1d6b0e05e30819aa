import type { z } from "zod";

import type { MachineArgs } from "../machine/args";
import { Problems } from "../source/problems";
import { checkConfig } from "./check";
import { machineArgs } from "./machine";
import { refusal } from "./refusal";
import type { machineSchema } from "./schema/machine";

/** A machine, as a stack's settings describe one: docs/settings.md is the reference. */
export type MachineSettings = z.input<typeof machineSchema>;

/** Keys that open machines, as text. */
export interface MachineKeys {
  /** The machine's own. @default the file that `privateKeyFile` names, the agent, or one that is made */
  sshPrivateKey?: string | undefined;
  /** The bastion's. @default the machine's */
  bastionPrivateKey?: string | undefined;
}

/**
 * Checks a machine's settings and reads its key. Nothing is changed anywhere.
 * @param domains the sites', for the records of a zone at AWS
 * @throws pulumi.RunError naming every mistake at once: key, value, what was expected, how to fix it
 */
export async function defineMachine(
  machine: MachineSettings,
  keys: MachineKeys = {},
  domains: readonly string[] = [],
): Promise<MachineArgs> {
  const secrets = ["sshPrivateKey", "bastionPrivateKey"];
  const { parts, problems } = checkConfig({ machine, ...keys }, (key) => secrets.includes(key), [
    "machine",
    ...secrets,
  ]);
  const found = new Problems();
  const { machine: checked } = parts;
  const args = checked && (await found.collect(() => machineArgs(checked, parts, domains)));
  problems.push(...found.all);
  if (problems.length > 0 || !args) throw refusal("the settings of the machine", problems);
  return args;
}
