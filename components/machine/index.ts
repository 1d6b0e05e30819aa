import type * as pulumi from "@pulumi/pulumi";

import type { MachineArgs } from "./args";
import { ContainerMachine } from "./containerMachine";
import type * as ec2 from "./ec2Machine";
import type { Machine } from "./machine";
import { SshMachine } from "./sshMachine";

export * from "./args";
export { defaultResourceName } from "./container/name";
export { type Connection, Machine } from "./machine";
export { ContainerMachine, SshMachine };

/** Provides the machine that the settings ask for. */
export function createMachine(
  name: string,
  args: MachineArgs,
  opts?: pulumi.ComponentResourceOptions,
): Machine {
  switch (args.kind) {
    case "container":
      return new ContainerMachine(name, args, opts);
    case "ssh":
      return new SshMachine(name, args, opts);
    case "ec2": {
      // AWS's SDK takes a second to load: only who uses it waits.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { Ec2Machine } = require("./ec2Machine") as typeof ec2;
      return new Ec2Machine(name, args, opts);
    }
  }
}
