/**
 * The program behind a container machine: `main.ts create NAME` with the settings as JSON on stdin answers with the
 * machine's facts as JSON on stdout, a secret; `main.ts delete NAME` removes it.
 */
import { readFileSync } from "node:fs";

import { type ContainerSettings, createContainer, deleteContainer } from "./container";
import { checkedName } from "./name";

async function main([action, name = ""]: string[]): Promise<void> {
  const machine = checkedName(name);
  switch (action) {
    case "create": {
      const settings = JSON.parse(readFileSync(0, "utf8")) as ContainerSettings;
      process.stdout.write(JSON.stringify(await createContainer(machine, settings)));
      return;
    }
    case "delete":
      await deleteContainer(machine);
      return;
    default:
      throw new Error("Usage: main.ts create|delete NAME");
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
