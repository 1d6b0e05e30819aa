import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { Connection, Machine } from "../machine/machine";
import { renderInstaller } from "../render/hostScripts";
import { shellCommand, shellWord } from "../render/shell";
import { type ScriptName, scripts, systemCheck } from "./scripts";

/** One run of a host script. */
export interface ScriptRun {
  script: ScriptName;
  /** Positional parameters; never a secret, they show in process lists. */
  args?: readonly pulumi.Input<string>[];
}

export interface RemoteStepArgs extends ScriptRun {
  /** The desired state: the very file to place, or the facts to act on. The preview shows its changed lines. */
  stdin?: pulumi.Input<string>;
  /** Show what it prints on standard output: short lines, at most 64 KiB each, and no secret. @default false */
  shown?: boolean;
  /** Runs when the step is removed while its machine stays. */
  onDelete?: ScriptRun;
}

const commandLine = (machine: Machine, { script, args = [] }: ScriptRun): pulumi.Output<string> =>
  pulumi.all([...args]).apply((words) => machine.asRoot + shellCommand(scripts[script].path, ...words));

/** A machine that was cleaned already has nothing left to remove. */
const deletion = (machine: Machine, run: ScriptRun): pulumi.Output<string> =>
  commandLine(machine, run).apply(
    (line) => `if test -x ${shellWord(scripts[run.script].path)}; then ${line}; else cat >/dev/null; fi`,
  );

/** What all steps on a machine share: they run again on another machine, and die with one of ours. */
const onMachine = (machine: Machine, opts: pulumi.CustomResourceOptions): pulumi.CustomResourceOptions =>
  machine.resource === undefined ? opts : { ...opts, deletedWith: machine.resource };

/** One convergent step on a machine: a host script, its desired state on standard input. */
export class RemoteStep extends remote.Command {
  constructor(name: string, machine: Machine, args: RemoteStepArgs, opts: pulumi.CustomResourceOptions) {
    const { stdin, shown = false, onDelete } = args;
    super(
      name,
      {
        connection: machine.connection,
        create: commandLine(machine, args),
        ...(stdin !== undefined && { stdin }),
        ...(onDelete && { delete: deletion(machine, onDelete) }),
        triggers: [machine.machineId],
        addPreviousOutputInEnv: false,
        logging: shown ? remote.Logging.Stdout : remote.Logging.None,
      },
      onMachine(machine, opts),
    );
  }
}

/**
 * The login is tried twice and no more before anything else is: sshd locks out who keeps failing, and from then on the
 * error would be a reset connection instead of the key that is refused.
 */
const firstTry = (machine: Machine): pulumi.Output<Connection> =>
  machine.connection.apply((connection) => ({ ...connection, dialErrorLimit: 2 }));

/** The first step on every machine: checks its system and places the host scripts. */
export class HostScripts extends remote.Command {
  constructor(name: string, machine: Machine, opts: pulumi.CustomResourceOptions) {
    const id = machine.machineId.apply(shellWord);
    super(
      name,
      {
        connection: firstTry(machine),
        create: pulumi.interpolate`${machine.asRoot}bash -s -- ${id}`,
        stdin: renderInstaller(systemCheck, Object.values(scripts)),
        ...(machine.resource === undefined && {
          delete: deletion(machine, { script: "server-remove", args: [machine.machineId] }),
        }),
        triggers: [machine.machineId],
        addPreviousOutputInEnv: false,
        logging: remote.Logging.None,
      },
      onMachine(machine, opts),
    );
  }
}

export interface UploadArgs {
  source: pulumi.asset.Asset;
  /** Starts from the home of the user who logs in. */
  remotePath: string;
}

/** A file of this computer copied to the machine. */
export class Upload extends remote.CopyToRemote {
  constructor(name: string, machine: Machine, args: UploadArgs, opts: pulumi.CustomResourceOptions) {
    super(
      name,
      {
        connection: machine.connection,
        source: args.source,
        remotePath: args.remotePath,
        triggers: [machine.machineId, args.remotePath],
      },
      onMachine(machine, opts),
    );
  }
}
