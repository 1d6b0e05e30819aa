import type * as pulumi from "@pulumi/pulumi";

/** The systems a container machine can be made from. */
export const containerSystems = ["debian-13", "debian-12", "ubuntu-24.04"] as const;
export type ContainerSystem = (typeof containerSystems)[number];

/**
 * A systemd container on this computer that acts as a virtual machine, by Docker or Podman. Changing a setting makes a
 * new, empty machine. It trusts the certificate authorities that this computer was told to trust (NODE_EXTRA_CA_CERTS,
 * SSL_CERT_FILE) and uses its proxy (http_proxy, https_proxy, no_proxy), as both were when it was created.
 */
export interface ContainerMachineArgs {
  kind: "container";
  /** Names the container, `django-server-NAME`, and its folder. @default the stack, `-` and the resource's name */
  name?: string;
  /** @default "debian-13" */
  system?: ContainerSystem;
  /** Loopback port for HTTP. @default the first free one from 8080 on, then kept */
  httpPort?: number;
  /** Loopback port for SSH. @default the first free one from 2200 on, then kept */
  sshPort?: number;
}

/** A host to jump through on the way to a machine. */
export interface BastionArgs {
  host: string;
  /** @default 22 */
  port?: number;
  /** @default the machine's user */
  user?: string;
  /** One line of `ssh-keyscan -t ed25519 HOST` without the host: `ssh-ed25519 AAAA…`. */
  hostKey: string;
  /** @default the machine's key */
  privateKey?: pulumi.Input<string>;
}

/** A Linux server of yours, reached by SSH; never deleted, only cleaned of what this program put there. */
export interface SshMachineArgs {
  kind: "ssh";
  /** Name or IP address. */
  host: string;
  /** @default 22 */
  port?: number;
  /** A user who may use sudo without a password, or root. @default "root" */
  user?: string;
  /** The pinned host key, `ssh-ed25519 AAAA…`, as `ssh-keyscan -t ed25519 HOST` prints it. */
  hostKey: string;
  /** The private key's text, kept secret. Exactly one of privateKey and agent. */
  privateKey?: pulumi.Input<string>;
  /** Use the running SSH agent (SSH_AUTH_SOCK) instead of a key. @default false */
  agent?: boolean;
  bastion?: BastionArgs;
  /** What visitors reach, when it is not `host`. @default host */
  address?: string;
  /** The port visitors reach nginx on. @default 80 */
  httpPort?: number;
}

export type MachineArgs = ContainerMachineArgs | SshMachineArgs;
