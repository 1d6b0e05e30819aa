import { constants } from "node:os";
import type { Client, ClientChannel } from "ssh2";
import { capture } from "./capture";
import { commandResource, type Run } from "./commandResource";
import { checkConnection, type Connection } from "./connection";
import { dial } from "./dial";
import type { Operation } from "./resource";

const run: Run = async (command, inputs, previous, operation) => {
  const client = await dial(inputs.connection as Connection, operation);
  try {
    const env = await acceptedVariables(
      client,
      inputs.environment as Record<string, string> | undefined,
      previous,
      operation,
    );
    const { channel, ended } = await exec(client, command, env);
    const output = capture({ stdout: channel, stderr: channel.stderr }, inputs.logging, (line) => {
      operation.status(line);
    });
    channel.end((inputs.stdin as string | undefined) ?? "");
    const failure = await ended;
    return { ...(await output), failure };
  } finally {
    client.end();
  }
};

/** command:remote:Command: a process on another computer, over SSH. */
export const remoteCommand = commandResource(["connection"], checkConnection, run);

/** A started command, and why it failed in the end, or undefined when it succeeded. */
interface Started {
  channel: ClientChannel;
  ended: Promise<string | undefined>;
}

function exec(client: Client, command: string, env: Record<string, string>): Promise<Started> {
  return new Promise((resolve, reject) => {
    client.exec(command, { env }, (error, channel) => {
      if (error) reject(error);
      // Listening from the first moment: a short command's end is in the same packet as its start.
      else resolve({ channel, ended: ending(channel) });
    });
  });
}

const signalNumbers: Partial<Record<string, number>> = constants.signals;

function ending(channel: ClientChannel): Promise<string | undefined> {
  let failure: string | undefined = "wait: remote command exited without exit status or exit signal";
  channel.once("exit", (code: number | null, signal?: string, _dumped?: unknown, reason?: string) => {
    if (signal === undefined) {
      failure = code === 0 ? undefined : `Process exited with status ${code ?? -1}`;
      return;
    }
    const status = 128 + (signalNumbers[signal] ?? 0);
    failure = `Process exited with status ${status} from signal ${signal.replace(/^SIG/, "")}`;
    if (reason) failure += `. Reason was: ${reason}`;
  });
  return new Promise((resolve) => {
    channel.once("close", () => {
      resolve(failure);
    });
  });
}

const acceptEnv = (name: string) =>
  `Unable to set '${name}'. This only works if your SSH server is configured to accept
	these variables via AcceptEnv. Alternatively, if a Bash-like shell runs the command on the remote host, you could
	prefix the command itself with the variables in the form 'VAR=value command'`;

/** The variables that the server lets pass; a refused one is an error, a refused previous output a warning. */
async function acceptedVariables(
  client: Client,
  environment: Record<string, string> | undefined,
  previous: Record<string, string>,
  operation: Operation,
): Promise<Record<string, string>> {
  const accepted: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment ?? {})) {
    if (!(await accepts(client, name, value))) {
      operation.error(acceptEnv(name));
      throw new Error(`could not set environment variable "${name}": ssh: setenv failed`);
    }
    accepted[name] = value;
  }
  for (const [name, value] of Object.entries(previous)) {
    if (await accepts(client, name, value)) accepted[name] = value;
    else operation.warn(acceptEnv(name));
  }
  return accepted;
}

/**
 * Whether the server accepts a variable. `exec` sends variables without asking for an answer; opening an SFTP session
 * with one asks, and is refused before the session starts.
 */
function accepts(client: Client, name: string, value: string): Promise<boolean> {
  const probe = client as unknown as {
    sftp(env: object, done: (error?: Error, session?: { end(): void }) => void): void;
  };
  return new Promise((resolve) => {
    probe.sftp({ [name]: value }, (error, session) => {
      session?.end();
      resolve(error?.message !== "Unable to set environment");
    });
  });
}
