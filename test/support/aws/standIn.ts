import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { searchPath } from "../../../tools/toolchain/environment";
import { Account } from "./account";
import { containerOf, engine, program } from "./host";

export { capabilities, containerOf, hasCapability, obstacle } from "./host";

/** An empty account at the stand-in for AWS, for one test. */
export class StandInAws {
  readonly account = new Account(mkdtempSync(join(tmpdir(), "aws-stand-in-")));
  /** The environment in which the engine finds it. */
  readonly variables: NodeJS.ProcessEnv = {
    PATH: [__dirname, searchPath()].join(delimiter),
    AWS_STAND_IN: this.account.folder,
  };
  private published = 1;

  /** Each system has a newer image from now on. */
  publishImages(): void {
    writeFileSync(join(this.account.folder, "publication"), String(++this.published));
  }

  /** The ids of what exists of a type, such as `ec2/instance:Instance`. */
  ids(type: string): string[] {
    return this.account.ofType(`aws:${type}`).map(([id]) => id);
  }

  /** Ends an instance as a person does at the console, or AWS with its hardware. */
  async lose(instance: string): Promise<void> {
    await (await engine()).remove(containerOf(instance));
    for (const type of ["ec2/volumeAttachment:VolumeAttachment", "ec2/eipAssociation:EipAssociation"]) {
      for (const [id, { instanceId }] of this.account.ofType(`aws:${type}`))
        if (instanceId === instance) this.account.remove(id);
    }
    this.account.remove(instance);
  }

  /** Removes everything, also what a failed test has left. */
  async close(): Promise<void> {
    for (const id of this.ids("ec2/instance:Instance")) await (await engine()).remove(containerOf(id));
    for (const [, { device }] of this.account.ofType("aws:ebs/volume:Volume"))
      if (typeof device === "string") program("losetup", "--detach", device);
    rmSync(this.account.folder, { recursive: true });
  }
}
