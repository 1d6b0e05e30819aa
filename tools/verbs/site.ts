import type { Client } from "ssh2";

import type { Operations, SiteOperations } from "../../components/operations";
import { shellCommand } from "../../components/render/shell";
import { enter } from "./entrance";
import { chooseStack, type ChosenStack, readOperations, type StackChoice } from "./stack";

/** A stack's site, and the way in to its machine. */
export interface OpenSite {
  stack: ChosenStack;
  operations: Operations;
  site: SiteOperations;
  machine: Client;
}

/** Works on the chosen stack's site, and leaves its machine again. */
export async function atSite<T>(choice: StackChoice, work: (open: OpenSite) => Promise<T>): Promise<T> {
  const stack = chooseStack(choice);
  const operations = await readOperations(stack);
  const [site] = operations.sites;
  if (site === undefined) throw new Error("the stack has no site");
  const machine = await enter(operations.machine.connection);
  try {
    return await work({ stack, operations, site, machine });
  } finally {
    machine.end();
  }
}

/** A command line for the machine, run as root. */
export const asRoot = ({ operations }: OpenSite, ...words: string[]): string =>
  operations.machine.asRoot + shellCommand(...words);

/** A command line for the machine that runs `manage.py` as the site's user, with its environment. */
export const manage = (open: OpenSite, args: readonly string[]): string => {
  const { name, exec } = open.site;
  // As supervisor starts the app: what it writes is readable by nginx's group, and by nobody else.
  const asUser = 'umask 007; exec setpriv --reuid "$0" --regid "$0" --init-groups "$@"';
  return asRoot(open, "sh", "-c", asUser, name, exec, name, "python", "manage.py", ...args);
};
