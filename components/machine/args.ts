import type * as pulumi from "@pulumi/pulumi";

/** The systems a container machine can be made from. */
export const containerSystems = ["debian-13", "debian-12", "ubuntu-24.04"] as const;
/** A system that a container machine can be made from. */
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
  /** Loopback port for HTTPS. @default the first free one from 8443 on, then kept */
  httpsPort?: number;
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
  /** The port visitors reach nginx on by HTTPS. @default 443 */
  httpsPort?: number;
}

/** The systems an EC2 machine can be made from. */
export const ec2Systems = ["debian-13", "debian-12", "ubuntu-24.04"] as const;
/** A system that an EC2 machine can be made from. */
export type Ec2System = (typeof ec2Systems)[number];

/** Domain names that Route 53 answers for. */
export interface ZoneArgs {
  /** The hosted zone's id, such as Z0123456789ABC. */
  id: string;
  /** Each gets an A record and, where the machine has an IPv6 address, an AAAA record. */
  names: readonly string[];
}

/**
 * A virtual machine on AWS, in the region and account of the `aws` provider. What is mounted from its data volume, /srv,
 * /etc/django-server and /etc/letsencrypt, outlives it: that volume goes on to the machine that replaces it.
 */
export interface Ec2MachineArgs {
  kind: "ec2";
  /** Networks that may use SSH, such as `203.0.113.7/32`; at least one, and never the whole world. */
  sshFrom: readonly string[];
  /** @default "debian-13" */
  system?: Ec2System;
  /** A size of the Nitro system, x86-64 or Graviton. @default "t4g.small": 2 virtual CPUs, 2 GiB, burstable */
  instanceType?: string;
  /** Another number makes another machine, from the newest image of its system. @default none */
  generation?: number;
  /** A public subnet of yours. @default a VPC with one, made for this machine */
  subnetId?: pulumi.Input<string>;
  /** Where the VPC made for this machine has its subnet. @default what AWS chooses, then kept */
  availabilityZone?: string;
  /** The key that opens the machine, as text: ed25519 or RSA. @default one made for it, kept as a secret */
  privateKey?: pulumi.Input<string>;
  /** Size of the root volume in GiB. @default 16 */
  rootSize?: number;
  /** Size of the data volume in GiB; it can only grow. @default 20 */
  dataSize?: number;
  /** How many daily snapshots of the data volume are kept; 0 for none. @default 7 */
  snapshots?: number;
  /** Who hears of alarms; AWS asks that address to confirm first. @default nobody: the alarms only show */
  alarmEmail?: string;
  zone?: ZoneArgs;
  /**
   * Refuse to delete or replace the machine, its address and its data, here and, for the machine, at AWS.
   * @default false
   */
  protect?: boolean;
}

/** A machine of one of the kinds. */
export type MachineArgs = ContainerMachineArgs | SshMachineArgs | Ec2MachineArgs;
