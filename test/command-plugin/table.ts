import * as command from "@pulumi/command";
import type { CustomResourceOptions } from "@pulumi/pulumi";
import type { types } from "@pulumi/command";
import type { SshServer } from "../support/sshServer";

export type ConnectionArgs = types.input.remote.ConnectionArgs;

/** What a case may use. */
export interface Setting {
  server: SshServer;
  /** Works; a case changes the fields it is about. */
  connection: ConnectionArgs;
  /** An empty folder of the case's own on the server. */
  there: string;
  /** An empty folder of the case's own on this computer. */
  here: string;
  /** Hangs up twice, then leads to the server. */
  unsteadyPort: number;
  /** Never answers. */
  silentPort: number;
  /** Also lets in. */
  encryptedKey: { text: string; password: string };
  /** Of an agent that holds the server's key. */
  agentSocket: string;
}

/** What one run must do to the case's resource; what is not given is not looked at. */
export interface Expected {
  /** `create`, `update`, `replace`, or `same`. */
  op: string;
  /** The one error it ends with. */
  error?: string | RegExp;
  /** The one warning; without it there must be none. */
  warning?: RegExp;
  /** Lines shown meanwhile, in any order. */
  status?: string[];
  /** Output properties afterwards, secrets among them as the text "(secret)". */
  outputs?: Record<string, unknown>;
}

/** One resource through at most three runs of one stack; when a run's declaration is left out, so is the resource. */
export interface Case {
  name: string;
  runs: { declare: Declare; expected: Expected; before?: (setting: Setting) => void }[];
  /** The error of its deletion at last. */
  deletionError?: string;
  /** What its folder on the server holds at last, as `FILE:LINE`. */
  left?: string[];
}

/** Declares the resource in a Pulumi program. */
export type Declare = (name: string, setting: Setting) => void;

type Args<T> = T | ((setting: Setting) => T);

const resolve = <T extends object>(args: Args<T>, setting: Setting): T =>
  typeof args === "function" ? args(setting) : args;

export const remote =
  (args: Args<Partial<command.remote.CommandArgs>>, options?: CustomResourceOptions): Declare =>
  (name, setting) => {
    const given = resolve(args, setting);
    new command.remote.Command(name, { connection: setting.connection, ...given }, options);
  };

export const local =
  (args: Args<command.local.CommandArgs>, options?: CustomResourceOptions): Declare =>
  (name, setting) => {
    new command.local.Command(name, resolve(args, setting), options);
  };

type CopyArgs = Partial<command.remote.CopyToRemoteArgs> &
  Pick<command.remote.CopyToRemoteArgs, "source" | "remotePath">;

export const copy =
  (args: Args<CopyArgs>): Declare =>
  (name, setting) => {
    new command.remote.CopyToRemote(name, { connection: setting.connection, ...resolve(args, setting) });
  };

/** A remote command that reaches its server over a changed connection. */
export const over = (change: (setting: Setting) => Partial<ConnectionArgs>, create = "echo in"): Declare =>
  remote((setting) => ({ create, connection: { ...setting.connection, ...change(setting) } }));
