import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { startMachine, type TestMachine } from "../test/support/containerMachine";
import { run } from "../components/machine/container/process";
import { checkout } from "../tools/toolchain/environment";

/** A fresh machine brought to the sample site's first 200 by the hand-written script. */
export async function byHand(): Promise<TestMachine> {
  const machine = await startMachine();
  const archive = execFileSync("tar", ["-cz", "-C", join(checkout, "examples/wepynaire"), "."]);
  const script = readFileSync(join(__dirname, "hand-written.sh"), "utf8");
  const command = `sudo bash -c ${quoted(script)}`;
  const result = await run(["ssh", "-F", machine.sshConfig, machine.name, command], {
    input: archive,
    seconds: 300,
  });
  if (result.code !== 0) throw new Error(`the hand-written script failed:\n${result.stderr}`);
  return machine;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
