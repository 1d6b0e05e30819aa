/** `npm start`: the site of the local stack, online on this computer. Arguments go to `pulumi up`. */
import { runMain } from "./failure";
import { freeStack, prepareStack, stack, stackConfig, stackOutputs, wasCutOff } from "./localStack";
import { wakeMachine } from "./machine";
import { runPulumi } from "./pulumi";
import { say } from "./terminal";
import { ensureToolchain } from "./toolchain";

async function main(): Promise<number> {
  const [machine] = await Promise.all([wakeMachine(say), ensureToolchain(say)]);
  await prepareStack();
  await freeStack(say);
  const settings = ["--stack", stack, "--config-file", stackConfig, "--yes", "--skip-preview"];
  if (wasCutOff()) await runPulumi(["refresh", "--clear-pending-creates", ...settings]);
  const code = await runPulumi(["up", ...settings, ...machine, ...process.argv.slice(2)]);
  if (code === 0) tellOutputs(stackOutputs());
  return code;
}

function tellOutputs({ url, ...others }: Record<string, string>): void {
  const rows = Object.entries({ ...others, remove: "npm run destroy" });
  const width = Math.max(...rows.map(([name]) => name.length));
  say("");
  for (const [name, value] of rows) say(`  ${name.padEnd(width)}  ${value}`);
  if (url !== undefined) say(`\nThe site is online: ${url}`);
}

runMain(main);
