/** `npm run rollback`: switches to a release that the server still keeps, through `app.release` and `pulumi up`. */
import { readFileSync, writeFileSync } from "node:fs";

import { chosenRelease, releaseLines } from "./releases";
import { byLastActive, readReport } from "./report";
import { atSite } from "./site";
import { type ChosenStack, chooseStack, configure, mayAsk, runAsked, settingsFile } from "./stack";
import { runVerb } from "./verb";

const help = `
npm run rollback -- [OPTION…] [ID]
Goes back to a release that the server still keeps: the one that served before, or the one of this ID. Lists them, shows
the preview and asks. Nothing stays set when it is not done.
  --forward     goes to the release of the source again
  --list        only lists the releases; with --json as JSON
  --yes, -y     does not ask
  --config-file FILE  the stack's settings, where they are not in Pulumi.STACK.yaml`;

const options = {
  forward: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  yes: { type: "boolean", short: "y", default: false },
  "config-file": { type: "string" },
} as const;

runVerb({ name: "rollback", help, options }, async ({ values, positionals: [id] }) => {
  const { forward, list, json, yes, ...choice } = values;
  const stack = chooseStack(choice);
  if (!list && !json) mayAsk("rollback", yes);
  if (forward) return deploy(stack, ["rm", "--path", "app.release"], yes);
  const releases = byLastActive(await atSite(choice, async (open) => (await readReport(open)).releases));
  const lines = json ? [JSON.stringify({ releases }, undefined, 2)] : releaseLines(releases);
  process.stdout.write(`${lines.join("\n")}\n`);
  if (list || json) return 0;
  const { id: chosen } = chosenRelease(releases, id);
  process.stdout.write(`\nGoing back to ${chosen}.\n`);
  const code = await deploy(stack, ["set", "--path", "app.release", chosen], yes);
  const name = stack.name === undefined ? "" : ` --stack ${stack.name}`;
  const again = stack.isLocal ? "npm start" : `npm run rollback --${name} --forward`;
  if (code === 0) process.stdout.write(`Forward again, to the release of the source: ${again}\n`);
  return code;
});

/** Deploys with one setting changed, which is put back unless the deploy was wanted and succeeded. */
async function deploy(stack: ChosenStack, change: readonly string[], yes: boolean): Promise<number> {
  const file = await settingsFile(stack);
  const before = readFileSync(file);
  await configure(stack, change);
  const code = await runAsked(stack, ["up", ...(yes ? ["--yes"] : [])]);
  if (code === 0) return 0;
  writeFileSync(file, before);
  process.stderr.write(`Not done: ${file} is as it was before.\n`);
  return code;
}
