import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import { fromHere, programLine, projectFolder } from "../here";
import type { KeyPair } from "../keys";

/** What a machine is given and known by, from before its first boot. */
export interface Keys {
  /** Its own key, pinned from the first connection. */
  host: KeyPair;
  /** The one that opens it, where none is given. */
  login: KeyPair;
}

/** Key pairs made once and kept in the state, as secrets, for as long as the machine's address. */
export function newKeys(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<Keys> {
  const { stdout } = new local.Command(
    `${name}-keys`,
    {
      // Relative, so that a checkout that moves changes nothing.
      dir: fromHere(projectFolder),
      create: programLine("ec2/generateKeys.ts"),
      addPreviousOutputInEnv: false,
      logging: local.Logging.Stderr,
    },
    { ...opts, additionalSecretOutputs: ["stdout"] },
  );
  return pulumi.secret(stdout).apply((text) => JSON.parse(text) as Keys);
}
