import type { types } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { BastionArgs, SshMachineArgs } from "./args";
import { type Connection, Machine } from "./machine";

/** A Linux server that is there already, reached by SSH; never created and never deleted. */
export class SshMachine extends Machine {
  readonly machineId: pulumi.Output<string>;
  readonly connection: pulumi.Output<Connection>;
  readonly asRoot: string;
  readonly address: pulumi.Output<string>;
  readonly httpPort: pulumi.Output<number>;
  readonly httpsPort: pulumi.Output<number>;
  readonly ssh: pulumi.Output<string>;
  readonly resource = undefined;

  /** @throws pulumi.InputPropertyError unless exactly one of privateKey and agent is given. */
  constructor(name: string, args: SshMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django-server:machine:Ssh", name, {}, opts);
    this.connection = pulumi.secret(connectionTo(args));
    this.asRoot = (args.user ?? "root") === "root" ? "" : "sudo -n ";
    this.machineId = pulumi.output(`ssh://${authority(args.host, args.port ?? 22)}`);
    this.address = pulumi.output(args.address ?? args.host);
    this.httpPort = pulumi.output(args.httpPort ?? 80);
    this.httpsPort = pulumi.output(args.httpsPort ?? 443);
    this.ssh = pulumi.output(sshCommand(args));
    this.registerOutputs({ machineId: this.machineId, address: this.address, httpPort: this.httpPort });
  }
}

type Credentials = { privateKey: pulumi.Input<string> } | { agentSocketPath: string };

/** A server of yours is up, or somebody has to look: a refused key is tried too, and fail2ban counts the tries. */
const patience = { dialErrorLimit: 4, perDialTimeout: 10 };

function connectionTo(args: SshMachineArgs): Connection {
  const { host, port = 22, user = "root", hostKey, bastion } = args;
  const credentials = credentialsOf(args);
  return {
    ...{ host, port, user, hostKey, ...credentials, ...patience },
    ...(bastion && { proxy: proxyTo(bastion, user, credentials) }),
  };
}

function credentialsOf({ privateKey, agent = false }: SshMachineArgs): Credentials {
  if (agent === (privateKey !== undefined)) {
    throw new pulumi.InputPropertyError({
      propertyPath: agent ? "agent" : "privateKey",
      reason: "give exactly one of privateKey and agent",
    });
  }
  if (privateKey !== undefined) return { privateKey };
  const agentSocketPath = process.env["SSH_AUTH_SOCK"];
  if (agentSocketPath) return { agentSocketPath };
  throw new pulumi.InputPropertyError({
    propertyPath: "agent",
    reason: "no SSH agent runs (SSH_AUTH_SOCK is not set): start one with `eval $(ssh-agent)`, then ssh-add",
  });
}

function proxyTo(
  { host, port = 22, user, hostKey, privateKey }: BastionArgs,
  machineUser: string,
  machineCredentials: Credentials,
): types.input.remote.ProxyConnectionArgs {
  const credentials = privateKey === undefined ? machineCredentials : { privateKey };
  return { host, port, user: user ?? machineUser, hostKey, ...credentials, ...patience };
}

/** What a person types; ssh finds the key by its own configuration or agent. */
function sshCommand({ host, port = 22, user = "root", bastion }: SshMachineArgs): string {
  const jump = bastion && ["-J", `${bastion.user ?? user}@${authority(bastion.host, bastion.port ?? 22)}`];
  const portFlag = port === 22 ? [] : ["-p", String(port)];
  return ["ssh", ...(jump ?? []), ...portFlag, `${user}@${host}`].join(" ");
}

/** HOST:PORT, with an IPv6 address in brackets. */
function authority(host: string, port: number): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
