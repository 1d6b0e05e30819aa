import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as command from "@pulumi/command";
import { asset, secret } from "@pulumi/pulumi";
import { startSshServer } from "../support/sshServer";
import { skip } from "../support/skip";
import { openStack } from "./engine";
import type { plugins } from "./plugins";

const directions: [keyof typeof plugins, keyof typeof plugins][] = [
  ["the real plugin", "the stand-in"],
  ["the stand-in", "the real plugin"],
];

for (const [first, second] of directions) {
  it(`a stack made with ${first} goes on with ${second}`, async function () {
    const backend = mkdtempSync(join(tmpdir(), "command-plugin-exchange-"));
    const made = await openStack(first, backend);
    const goesOn = await openStack(second, backend);
    if ("missing" in made || "missing" in goesOn) skip(this, "the real plugin can't be had");
    const server = await startSshServer();
    try {
      const { host, port, user, privateKey, hostKey } = server;
      const proxy = { host, port, user, privateKey };
      const connection = { host: "127.0.0.1", port: server.innerPort, user, privateKey, hostKey, proxy };
      writeFileSync(join(backend, "file.txt"), "text\n");
      const names = ["remote", "local", "copy"];
      const program = (stdin: string) => () => {
        new command.remote.Command("remote", {
          connection,
          create: "cat",
          stdin: secret(stdin),
          triggers: [1, { a: "b" }],
        });
        new command.local.Command("local", {
          create: "cat",
          stdin,
          environment: { A: secret("a") },
          delete: "true",
        });
        const source = new asset.FileAsset(join(backend, "file.txt"));
        new command.remote.CopyToRemote("copy", { connection, source, remotePath: "/root/copy.txt" });
        return Promise.resolve();
      };
      const ops = (seen: Awaited<ReturnType<typeof made.up>>) =>
        names.map((name) => seen.get(name)?.errors[0] ?? seen.get(name)?.op);
      assert.deepEqual(ops(await made.up(program("one"))), ["create", "create", "create"]);
      assert.deepEqual(ops(await goesOn.up(program("one"))), ["same", "same", "same"]);
      assert.deepEqual(ops(await goesOn.up(program("two"))), ["update", "update", "same"]);
      assert.equal(goesOn.state().get("local")?.outputs.stdout, "two");
      assert.deepEqual(ops(await made.up(program("two"))), ["same", "same", "same"]);
      assert.deepEqual(ops(await made.destroy()), ["delete", "delete", "delete"]);
    } finally {
      await server.stop();
      made.close();
      goesOn.close();
      rmSync(backend, { recursive: true });
    }
  });
}
