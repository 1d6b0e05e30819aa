import { readFileSync } from "node:fs";
import { homedir } from "node:os";

import * as pulumi from "@pulumi/pulumi";

import type { MachineArgs } from "../machine/args";
import { Problems, refuse } from "../source/problems";
import { defined } from "./defined";
import { usableKey } from "./privateKey";
import type { StackSecrets, StackSettings } from "./schema";

/**
 * The machine with its key, read from a file or taken from the secrets.
 * @throws SourceError when a key cannot be read or used
 */
export async function machineArgs(
  settings: StackSettings["machine"],
  secrets: Partial<StackSecrets>,
): Promise<MachineArgs> {
  if (settings.kind === "container") return defined(settings);
  const { privateKeyFile, bastion, ...machine } = settings;
  const problems = new Problems();
  const privateKey = await problems.collect(() =>
    privateKeyFile === undefined
      ? usableKey("sshPrivateKey", secrets.sshPrivateKey)
      : usableKey("machine.privateKeyFile", readKey(privateKeyFile)),
  );
  const bastionKey = await problems.collect(() => usableKey("bastionPrivateKey", secrets.bastionPrivateKey));
  problems.throwIfAny();
  return {
    ...defined(machine),
    ...(privateKey !== undefined && { privateKey: pulumi.secret(privateKey) }),
    ...(bastion && {
      bastion: {
        ...defined(bastion),
        ...(bastionKey !== undefined && { privateKey: pulumi.secret(bastionKey) }),
      },
    }),
  };
}

function readKey(file: string): string {
  try {
    return readFileSync(file.replace(/^~(?=\/)/, homedir()), "utf8");
  } catch (error) {
    const { code = "unreadable" } = error as NodeJS.ErrnoException;
    return refuse(
      "machine.privateKeyFile",
      `${file} (${code})`,
      "a private key file",
      "Correct its path, or make one: ssh-keygen -t ed25519",
    );
  }
}
