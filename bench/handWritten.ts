import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { startMachine, type TestMachine } from "../test/support/containerMachine";
import { run } from "../components/machine/container/process";
import { checkout } from "../tools/toolchain/environment";

/** The hand-written script, over one SSH session. */
export class HandWritten {
  private machine: TestMachine | undefined;

  /** From no machine to the sample site's first 200. */
  async start(): Promise<void> {
    this.machine = await startMachine();
    const { sshConfig, name } = this.machine;
    const archive = execFileSync("tar", ["-cz", "-C", join(checkout, "examples/wepynaire"), "."]);
    const script = readFileSync(join(__dirname, "hand-written.sh"), "utf8");
    const command = ["ssh", "-F", sshConfig, name, `sudo bash -c ${quoted(script)}`];
    const result = await run(command, { input: archive, seconds: 300 });
    if (result.code !== 0) throw new Error(`the hand-written script failed:\n${result.stderr}`);
  }

  async close(): Promise<void> {
    await this.machine?.stop();
    this.machine = undefined;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
