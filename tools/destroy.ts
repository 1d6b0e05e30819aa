/** `npm run destroy`: removes all that `npm start` made, or another stack. */
import { existsSync, rmSync } from "node:fs";

import { removeImages } from "../components/machine/container/image";
import { freeStack, prepareStack, stack, stackConfig, stackResources } from "./localStack";
import { removeMachines } from "./machine";
import { runPulumi } from "./pulumi";
import { say } from "./terminal";
import { ensureToolchain } from "./toolchain";
import { paths } from "./toolchain/environment";
import { reasonOf } from "./toolchain/ways";
import { chooseStack, mayAsk, runAsked } from "./verbs/stack";
import { runVerb } from "./verbs/verb";

const help = `
npm run destroy -- [OPTION…]
Removes all that npm start made. With --stack NAME: what that stack has put online, after a preview and a question.
  --yes, -y     does not ask`;

const options = { yes: { type: "boolean", short: "y", default: false } } as const;

runVerb({ name: "destroy", help, options }, ({ values }) =>
  values.stack === undefined || values.stack === stack
    ? destroyLocal()
    : destroyOther(values.stack, values.yes),
);

/** What destroying does not need is not asked for: neither the stack's settings nor its source. */
function destroyOther(name: string, yes: boolean): Promise<number> {
  mayAsk("destroy", yes);
  return runAsked(chooseStack({ stack: name }), ["destroy", ...(yes ? ["--yes"] : [])]);
}

async function destroyLocal(): Promise<number> {
  if (!existsSync(paths.local)) {
    say("There is nothing to remove.");
    return 0;
  }
  if (stackResources().length > 0 && !(await destroyStack())) return 1;
  await removeContainers();
  rmSync(paths.local, { recursive: true, force: true });
  say("Removed: the local stack with its machine, images, state, keys and tools (.local).");
  say("Left: node_modules, Go's and pip's caches, and Debian packages that were installed for it.");
  return 0;
}

/** Lets Pulumi remove what it made; without the passphrase it can't, and containers are all there is to remove. */
async function destroyStack(): Promise<boolean> {
  if (!existsSync(paths.passphrase)) return true;
  await ensureToolchain(say);
  await prepareStack();
  await freeStack(say);
  const settings = ["--stack", stack, "--config-file", stackConfig, "--yes", "--skip-preview"];
  return (await runPulumi(["destroy", ...settings])) === 0;
}

/** What a run that was cut off, or a test, may have left. */
async function removeContainers(): Promise<void> {
  try {
    await removeMachines();
    await removeImages();
  } catch (error) {
    say(`Containers and images could not be looked for: ${reasonOf(error)}`);
  }
}
