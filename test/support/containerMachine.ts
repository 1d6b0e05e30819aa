import { randomBytes } from "node:crypto";

import type { ContainerSystem } from "../../components/machine/args";
import {
  createContainer,
  deleteContainer,
  startContainer,
} from "../../components/machine/container/container";
import { type Engine, runningEngines } from "../../components/machine/container/engine";
import { find } from "../../components/machine/container/existing";
import { MachineFolder } from "../../components/machine/container/folder";
import { containerName } from "../../components/machine/container/name";
import { type ProcessResult, type RunOptions, run } from "../../components/machine/container/process";

/** A container machine without Pulumi around it. */
export interface TestMachine {
  /** Its short name: the container is `django-server-NAME`. */
  name: string;
  container: string;
  engine: Engine;
  id: string;
  host: string;
  sshPort: number;
  httpPort: number;
  httpsPort: number;
  user: string;
  /** `ssh-ed25519 AAAA…` */
  hostKey: string;
  privateKey: string;
  privateKeyFile: string;
  sshConfig: string;
  /** Runs a shell command line on the machine by `ssh`, as its user, and returns how it ended. */
  exec(command: string, options?: RunOptions): Promise<ProcessResult>;
  /** The output of a command line that must succeed; throws what it said otherwise. */
  output(command: string, options?: RunOptions): Promise<string>;
  /** Restarts the machine, as a power cycle does, and waits until it answers. */
  reboot(): Promise<void>;
  /** Removes the machine with its data and its folder. */
  stop(): Promise<void>;
}

/**
 * Makes a fresh machine, by the code of the component.
 *
 * @param name @default a random one, so that tests run side by side
 */
export async function startMachine({
  system = "debian-13",
  name = `test-${randomBytes(4).toString("hex")}`,
}: { system?: ContainerSystem; name?: string } = {}): Promise<TestMachine> {
  const facts = await createContainer(name, { system }).catch(async (error: unknown) => {
    await deleteContainer(name);
    throw error;
  });
  const found = await find(await runningEngines(), name);
  if (!found) throw new Error(`${name} was created but is not there`);
  const folder = new MachineFolder(name);
  const exec = (command: string, options?: RunOptions): Promise<ProcessResult> =>
    run(["ssh", "-F", folder.sshConfig, "-o", "BatchMode=yes", name, command], { seconds: 300, ...options });
  return {
    name,
    container: containerName(name),
    engine: found.engine,
    id: facts.id,
    host: facts.host,
    sshPort: facts.port,
    httpPort: facts.httpPort,
    httpsPort: facts.httpsPort,
    user: facts.user,
    hostKey: facts.hostKey,
    privateKey: facts.privateKey,
    privateKeyFile: folder.privateKeyFile,
    sshConfig: folder.sshConfig,
    exec,
    async output(command, options) {
      const { code, stdout, stderr } = await exec(command, options);
      if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr || stdout}`);
      return stdout.trim();
    },
    async reboot() {
      await found.engine.run(["restart", facts.id]);
      await startContainer(name);
    },
    stop: () => deleteContainer(name),
  };
}
