import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { ContainerMachineArgs } from "./args";
import type { ContainerFacts, ContainerSettings } from "./container/container";
import { MachineFolder } from "./container/folder";
import { checkedName, machineName } from "./container/name";
import { fromHere, programLine, projectFolder } from "./here";
import { type Connection, Machine } from "./machine";

/** A systemd container on this computer, made and removed with the stack. */
export class ContainerMachine extends Machine {
  readonly machineId: pulumi.Output<string>;
  readonly connection: pulumi.Output<Connection>;
  readonly asRoot = "sudo -n ";
  readonly address: pulumi.Output<string>;
  readonly httpPort: pulumi.Output<number>;
  readonly httpsPort: pulumi.Output<number>;
  readonly ssh: pulumi.Output<string>;
  readonly resource: local.Command;

  constructor(name: string, args: ContainerMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django-server:machine:Container", name, {}, opts);
    const machine = args.name === undefined ? machineName(pulumi.getStack(), name) : checkedName(args.name);
    const settings = settingsOf(args);

    this.resource = new local.Command(
      name,
      {
        // Relative, so that a checkout that moves changes nothing.
        dir: fromHere(projectFolder),
        create: programLine("container/main.ts", "create", machine),
        delete: programLine("container/main.ts", "delete", machine),
        stdin: JSON.stringify(settings, undefined, 2),
        triggers: [machine, settings],
        addPreviousOutputInEnv: false,
        logging: local.Logging.Stderr,
      },
      // Two containers can't have one name; what the command answers holds the private key.
      { parent: this, deleteBeforeReplace: true, additionalSecretOutputs: ["stdout"] },
    );

    const facts = pulumi.secret(this.resource.stdout).apply((text) => JSON.parse(text) as ContainerFacts);
    this.connection = facts.apply(connectionTo);
    this.machineId = pulumi.unsecret(facts.id);
    this.address = pulumi.unsecret(facts.host);
    this.httpPort = pulumi.unsecret(facts.httpPort);
    this.httpsPort = pulumi.unsecret(facts.apply(publishedHttps));
    const config = fromHere(new MachineFolder(machine).sshConfig);
    this.ssh = pulumi.unsecret(facts.apply(() => `ssh -F ${config} ${machine}`));
    this.registerOutputs({ machineId: this.machineId, address: this.address, httpPort: this.httpPort });
  }
}

/** The settings that make another machine when they change. */
function settingsOf({
  system = "debian-13",
  httpPort,
  httpsPort,
  sshPort,
}: ContainerMachineArgs): ContainerSettings {
  return {
    system,
    ...(httpPort !== undefined && { httpPort }),
    ...(httpsPort !== undefined && { httpsPort }),
    ...(sshPort !== undefined && { sshPort }),
  };
}

/** One that was made before there was HTTPS goes on to run without a port for it: 0, until another machine is asked for. */
const publishedHttps = ({ httpsPort = 0 }: Partial<ContainerFacts>): number => httpsPort;

function connectionTo({ host, port, user, privateKey, hostKey }: ContainerFacts): Connection {
  // A machine that boots refuses connections for a while.
  return { host, port, user, privateKey, hostKey, dialErrorLimit: 60, perDialTimeout: 15 };
}
