import type * as pulumi from "@pulumi/pulumi";

import type { MachineArgs } from "./args";
import { ContainerMachine } from "./containerMachine";
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
  }
}
