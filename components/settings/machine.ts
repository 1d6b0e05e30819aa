import { readFileSync } from "node:fs";
import { homedir } from "node:os";

import * as pulumi from "@pulumi/pulumi";
import { utils } from "ssh2";

import type { MachineArgs } from "../machine/args";
import { Problems, refuse } from "../source/problems";
import { defined } from "./defined";
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

/** Nothing here can ask for a passphrase; the agent can. */
function usableKey(key: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const parsed = text.includes("-----BEGIN") ? utils.parseKey(text) : new Error("no private key");
  if (!(parsed instanceof Error) && parsed.isPrivateKey()) return text;
  const encrypted = parsed instanceof Error && /encrypted/i.test(parsed.message);
  return refuse(
    key,
    encrypted ? "a key with a passphrase" : "no private key",
    "a private key without a passphrase",
    encrypted
      ? "Add it to the SSH agent (ssh-add) and set machine.agent to true instead."
      : "Give the private half, which begins with -----BEGIN.",
  );
}
