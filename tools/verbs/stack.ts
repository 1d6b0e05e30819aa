import { spawn } from "node:child_process";
import { delimiter, dirname, join } from "node:path";

import type { Operations } from "../../components/operations";
import { stack as localName, stackConfig, stackResources } from "../localStack";
import { endOf } from "../pulumi";
import { checkout, paths, pulumiEnvironment } from "../toolchain/environment";
import { output } from "../toolchain/process";

/** A stack that a verb works on, and how `pulumi` is called for it. */
export interface ChosenStack {
  /** Undefined for the one that Pulumi has selected. */
  name: string | undefined;
  isLocal: boolean;
  /** What follows a command of `pulumi` that runs no program: it finds the stack's settings in its folder. */
  place: string[];
  /** What follows it too, where it reads or writes settings. */
  settings: string[];
  env: NodeJS.ProcessEnv;
}

/** What a person may say about the stack. */
export interface StackChoice {
  stack?: string | undefined;
  "config-file"?: string | undefined;
}

/**
 * The stack that was asked for by name; otherwise the one of `npm start` while there is one; otherwise the one that
 * Pulumi has selected. Only the one of `npm start` is worked on with this checkout's own tools and state.
 */
export function chooseStack(choice: StackChoice): ChosenStack {
  const name = choice.stack ?? process.env["PULUMI_STACK"];
  if (name === undefined || name === localName) {
    if (stackResources().length > 0) {
      const place = ["--stack", localName, "--cwd", dirname(stackConfig)];
      const env = pulumiEnvironment();
      return { name: localName, isLocal: true, place, settings: ["--config-file", stackConfig], env };
    }
  }
  const file = choice["config-file"];
  return {
    ...{ name, isLocal: false },
    place: [...(name === undefined ? [] : ["--stack", name]), "--cwd", checkout],
    settings: file === undefined ? [] : ["--config-file", file],
    env: { ...process.env, PATH: [process.env["PATH"], paths.bin].join(delimiter) },
  };
}

/**
 * What the stack's outputs tell of it.
 * @throws one line: no such stack, nothing deployed, or why Pulumi does not say.
 */
export async function readOperations(stack: ChosenStack): Promise<Operations> {
  const called = stack.name === undefined ? "the selected stack" : `stack ${stack.name}`;
  const show = ["stack", "output", "--json", "--show-secrets", "--non-interactive"];
  const text = await output("pulumi", [...show, ...stack.place], stack.env).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.replace(/^error: /, "") : String(error);
    const hint = stack.name === undefined ? "; npm start makes the local stack, --stack names another" : "";
    throw new Error(`${called} can't be read: ${reason}${hint}`);
  });
  const outputs = JSON.parse(text) as { operations?: Operations };
  if (outputs.operations) return outputs.operations;
  const deploy = stack.isLocal ? "npm start" : "pulumi up";
  throw new Error(`${called} has nothing online that can be worked on; deploy it first: ${deploy}`);
}

/** Runs a command of `pulumi` that changes the stack, with its own preview and question; returns its exit status. */
export function runAsked(stack: ChosenStack, [command = "", ...args]: readonly string[]): Promise<number> {
  // The last --cwd counts: programs run in the checkout.
  const all = [command, ...stack.place, "--cwd", checkout, ...stack.settings, ...args];
  return endOf(spawn("pulumi", all, { cwd: checkout, env: stack.env, stdio: "inherit" }));
}

/** @throws where nobody can be asked, and nobody has agreed beforehand. */
export function mayAsk(verb: string, yes: boolean): void {
  if (!yes && !process.stdin.isTTY) {
    throw new Error(`${verb} asks before it changes anything; where there is no terminal, say --yes`);
  }
}

/** Changes a setting of the stack. */
export async function configure(stack: ChosenStack, change: readonly string[]): Promise<void> {
  await output("pulumi", ["config", ...change, ...stack.place, ...stack.settings], stack.env);
}

/** The file that has the stack's settings. */
export async function settingsFile(stack: ChosenStack): Promise<string> {
  const [, given] = stack.settings;
  if (given !== undefined) return given;
  const name =
    stack.name ?? (await output("pulumi", ["stack", "--show-name", ...stack.place], stack.env)).trim();
  // ORGANIZATION/PROJECT/STACK
  return join(checkout, `Pulumi.${name.split("/").pop() ?? name}.yaml`);
}
