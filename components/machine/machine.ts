import * as pulumi from "@pulumi/pulumi";
import type { types } from "@pulumi/command";

/** How a remote step reaches a machine; the command provider's own shape. */
export type Connection = types.input.remote.ConnectionArgs;

/**
 * A Linux machine with SSH and sudo. A site does not know which kind it stands on: everything above this
 * class uses these fields only.
 */
export abstract class Machine extends pulumi.ComponentResource {
  /** Another value means another machine: every step placed on it is placed again. */
  abstract readonly machineId: pulumi.Output<string>;
  /** Host, port, user, key, pinned host key and, where there is one, the bastion. Always a secret. */
  abstract readonly connection: pulumi.Output<Connection>;
  /** What goes before a command that needs root: "sudo -n " or, where the user is root, nothing. */
  abstract readonly asRoot: string;
  /** The name or IP address that visitors reach. */
  abstract readonly address: pulumi.Output<string>;
  /** The TCP port that visitors reach nginx on (80 unless the kind publishes another). */
  abstract readonly httpPort: pulumi.Output<number>;
  /** The TCP port that visitors reach nginx on by HTTPS (443 unless the kind publishes another). */
  abstract readonly httpsPort: pulumi.Output<number>;
  /** A ready `ssh …` command line for a person. */
  abstract readonly ssh: pulumi.Output<string>;
  /**
   * The resource whose deletion takes everything on the machine with it (`deletedWith` of each step), or
   * undefined for a machine that is not ours to delete.
   */
  abstract readonly resource: pulumi.Resource | undefined;
  /** Where a cloud tells whoever asks on the machine what it was booted with: no site has business there. */
  readonly metadataAddresses: readonly string[] = [];
}
