import type { Problem } from "../../source";
import type { Parts, Rule } from "./rule";

export const machineRules: readonly Rule[] = [wayToLogIn, oneKeyAtMost, credentialsOfSomething];

function wayToLogIn({ machine, sshPrivateKey }: Parts): Problem | undefined {
  if (machine?.kind !== "ssh") return undefined;
  const given = [sshPrivateKey !== undefined, machine.privateKeyFile !== undefined, machine.agent === true];
  const count = given.filter(Boolean).length;
  if (count === 1) return undefined;
  return {
    ...{ key: "machine", value: count === 0 ? "no way to log in" : `${count} ways to log in` },
    expected: "exactly one of machine.agent, machine.privateKeyFile and the secret sshPrivateKey",
    fix: "For example: pulumi config set --path machine.privateKeyFile ~/.ssh/id_ed25519",
  };
}

function oneKeyAtMost({ machine, sshPrivateKey }: Parts): Problem | undefined {
  if (machine?.kind !== "ec2" || sshPrivateKey === undefined || machine.privateKeyFile === undefined)
    return undefined;
  return {
    ...{ key: "machine", value: "2 ways to log in" },
    expected: "at most one of machine.privateKeyFile and the secret sshPrivateKey",
    fix: "Remove one: pulumi config rm --path machine.privateKeyFile",
  };
}

function credentialsOfSomething({ network, ...parts }: Parts): Problem[] {
  const keys = ["proxy", "pythonIndex"] as const;
  return keys
    .filter((key) => network && network[key] === undefined && parts[`${key}Credentials`] !== undefined)
    .map((key) => ({
      ...{ key: `${key}Credentials`, value: "[secret]", expected: `network.${key}, which it is for` },
      fix: `Set network.${key}, or: pulumi config rm ${key}Credentials`,
    }));
}
