import { strict as assert } from "node:assert";
import * as command from "@pulumi/command";
import { asset } from "@pulumi/pulumi";
import { skip } from "../support/skip";
import { type CommandStack, openStack } from "./engine";
import { plugins } from "./plugins";

const connection = { host: "192.0.2.1" };

/** Refused in the preview already, by both plugins. */
const both: { name: string; declare: () => unknown; reason: RegExp }[] = [
  {
    name: "an archive made of several assets",
    declare: () =>
      new command.remote.CopyToRemote("refused", {
        ...{ connection, remotePath: "/x" },
        source: new asset.AssetArchive({ a: new asset.StringAsset("a") }),
      }),
    reason: /archive must be a path to a file or directory/,
  },
  {
    name: "a connection without a host",
    declare: () => new command.remote.Command("refused", { connection: {} as never, create: "true" }),
    reason: /host/,
  },
  {
    name: "a command that is no text",
    declare: () => new command.local.Command("refused", { create: { a: 1 } as never }),
    reason: /create/,
  },
];

const unsupported = (what: string) =>
  new RegExp(
    `${what}.* is not in the stand-in for the command plugin; install the real one: pulumi plugin install`,
  );

/** Refused by the stand-in, which does not have them. */
const standIn: typeof both = [
  {
    name: "assetPaths",
    declare: () => new command.local.Command("refused", { create: "true", assetPaths: ["*"] }),
    reason: unsupported("assetPaths"),
  },
  {
    name: "archivePaths",
    declare: () => new command.local.Command("refused", { create: "true", archivePaths: ["*"] }),
    reason: unsupported("archivePaths"),
  },
  {
    name: "the function local.run",
    declare: () => command.local.run({ command: "true" }),
    reason: unsupported("command:local:run"),
  },
  {
    name: "CopyFile",
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    declare: () => new command.remote.CopyFile("refused", { connection, localPath: "/x", remotePath: "/x" }),
    reason: unsupported("command:remote:CopyFile"),
  },
];

for (const plugin of Object.keys(plugins) as (keyof typeof plugins)[]) {
  describe(`${plugin} refuses in the preview`, () => {
    let stack: CommandStack | undefined;

    before(async function () {
      const opened = await openStack(plugin);
      if ("missing" in opened) skip(this, `${plugin} is ${opened.missing}`);
      stack = opened;
    });
    after(() => stack?.close());

    for (const { name, declare, reason } of plugin === "the stand-in" ? [...both, ...standIn] : both) {
      it(name, async () => {
        const text = await stack?.preview(async () => {
          await declare();
        });
        assert.match(text ?? "", reason);
        assert.match(text ?? "", /error/);
      });
    }
  });
}
