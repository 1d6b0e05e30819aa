import { dirname, join } from "node:path";

import { containerStatus, startContainer } from "../components/machine/container/container";
import { runningEngines } from "../components/machine/container/engine";
import { label } from "../components/machine/container/existing";
import { containerName } from "../components/machine/container/name";
import { type StateResource, stackResources } from "./localStack";
import { ensureContainerEngine } from "./toolchain/containerEngine";
import { paths } from "./toolchain/environment";
import { output } from "./toolchain/process";
import type { Say } from "./toolchain/ways";

/**
 * Makes sure that a container engine answers, and brings the local stack's machine back when this computer was rebooted
 * or its container was removed.
 *
 * @returns the arguments with which `pulumi up` makes a machine that is gone anew, and everything on it.
 */
export async function wakeMachine(say: Say): Promise<string[]> {
  const machine = machineCommand(stackResources());
  if (machine !== undefined && (await runs(containerName(machine.name)))) return [];
  await ensureContainerEngine(say);
  if (machine === undefined) return [];
  switch (await containerStatus(machine.name)) {
    case "running":
      return [];
    case "stopped":
      say(`The machine ${machine.name} is stopped; starting it …`);
      await startContainer(machine.name);
      return [];
    case "absent":
      say(`The machine ${machine.name} is gone; making it anew …`);
      return ["--replace", machine.urn];
  }
}

/** The usual case, told in a tenth of a second. */
async function runs(container: string): Promise<boolean> {
  const inspect = ["container", "inspect", "--format", "{{.State.Running}}", container];
  const answers = ["docker", "podman"].map((program) => output(program, inspect).catch(() => ""));
  return (await Promise.all(answers)).some((answer) => answer.trim() === "true");
}

/** The step that made the container, and the machine's name, of a stack that has one. */
export function machineCommand(
  resources: readonly StateResource[],
): { urn: string; name: string } | undefined {
  const command = resources.find(({ urn }) =>
    urn.includes("django-server:machine:Container$command:local:Command::"),
  );
  const [name] = (command?.inputs?.["triggers"] ?? []) as [string?];
  return command && name !== undefined ? { urn: command.urn, name } : undefined;
}

/** Removes every container machine of this checkout. */
export async function removeMachines(): Promise<void> {
  for (const engine of await runningEngines()) {
    const ids = await engine.run(["ps", "--all", "--quiet", "--filter", `label=${label.machine}`]);
    const format = `{{index .Config.Labels "${label.folder}"}}`;
    for (const id of ids.split("\n").filter((line) => line !== "")) {
      const { stdout } = await engine.attempt(["container", "inspect", "--format", format, id]);
      if (dirname(stdout.trim()) === join(paths.local, "machines")) {
        await engine.remove(id);
      }
    }
  }
}
