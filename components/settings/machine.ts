import { readFileSync } from "node:fs";
import { homedir } from "node:os";

import * as pulumi from "@pulumi/pulumi";

import type { Ec2MachineArgs, MachineArgs, SshMachineArgs } from "../machine/args";
import { Problems, refuse } from "../source/problems";
import { defined } from "./defined";
import { asNetwork } from "./network";
import { ownAddress } from "./ownAddress";
import { usableKey } from "./privateKey";
import type { StackSecrets, StackSettings } from "./schema";

type Settings<K> = Extract<StackSettings["machine"], { kind: K }>;

/**
 * The machine with its key, read from a file or taken from the secrets.
 * @param domains the sites', for the records of a zone
 * @throws SourceError when a key cannot be read or used, or this computer's address is asked for and not known
 */
export async function machineArgs(
  settings: StackSettings["machine"],
  secrets: Partial<StackSecrets>,
  domains: readonly string[] = [],
): Promise<MachineArgs> {
  switch (settings.kind) {
    case "container":
      return defined(settings);
    case "ssh":
      return sshArgs(settings, secrets);
    case "ec2":
      return ec2Args(settings, secrets, domains);
  }
}

async function sshArgs(settings: Settings<"ssh">, secrets: Partial<StackSecrets>): Promise<SshMachineArgs> {
  const { privateKeyFile, bastion, ...machine } = settings;
  const problems = new Problems();
  const privateKey = await problems.collect(() => machineKey(privateKeyFile, secrets, true));
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

async function ec2Args(
  settings: Settings<"ec2">,
  secrets: Partial<StackSecrets>,
  domains: readonly string[],
): Promise<Ec2MachineArgs> {
  const { privateKeyFile, zone, sshFrom, ...machine } = settings;
  const problems = new Problems();
  const privateKey = await problems.collect(() => machineKey(privateKeyFile, secrets, false));
  const networks = await problems.collect(() =>
    Promise.all(
      sshFrom.map((network) =>
        network === "auto" ? ownAddress("machine.sshFrom") : Promise.resolve(network),
      ),
    ),
  );
  problems.throwIfAny();
  return {
    ...defined(machine),
    sshFrom: (networks ?? []).map(asNetwork),
    ...(privateKey !== undefined && { privateKey: pulumi.secret(privateKey) }),
    ...(zone !== undefined && { zone: { id: zone, names: domains } }),
  };
}

const machineKey = (file: string | undefined, secrets: Partial<StackSecrets>, agent: boolean) =>
  file === undefined
    ? usableKey("sshPrivateKey", secrets.sshPrivateKey, agent)
    : usableKey("machine.privateKeyFile", readKey(file), agent);

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
