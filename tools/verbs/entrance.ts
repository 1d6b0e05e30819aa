import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";

import { Client, type ClientChannel, type ConnectConfig, type ServerHostKeyAlgorithm } from "ssh2";

import type { Entry, Operations } from "../../components/operations";

/** How a command on the machine ended. */
export interface RemoteResult {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Enters a machine as the deploys do: the same user, key or agent, pinned host keys, and bastion. The key stays in this
 * process's memory.
 * @throws one line that names the machine and says why it can't be entered.
 */
export async function enter({ proxy, ...machine }: Operations["machine"]["connection"]): Promise<Client> {
  if (proxy === undefined) return connected(machine);
  const bastion = await connected(proxy);
  try {
    const client = await connected(machine, { sock: await through(bastion, proxy.host, machine) });
    client.on("close", () => bastion.end());
    return client;
  } catch (error) {
    bastion.end();
    throw error;
  }
}

function through(bastion: Client, name: string, { host, port }: Entry): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    bastion.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
      if (error) reject(new Error(`${name} does not let us through to ${host}: ${error.message}`));
      else resolve(channel);
    });
  });
}

/** Runs a command to its end. */
export function run(client: Client, command: string, input = ""): Promise<RemoteResult> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      const parts = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
      let code = 255;
      channel.on("data", (part: Buffer) => parts.stdout.push(part));
      channel.stderr.on("data", (part: Buffer) => parts.stderr.push(part));
      channel.on("exit", (status: number | null) => (code = status ?? 255));
      channel.on("close", () => {
        const [stdout, stderr] = [parts.stdout, parts.stderr].map((all) => Buffer.concat(all).toString());
        resolve({ code, stdout: stdout ?? "", stderr: stderr ?? "" });
      });
      channel.end(input);
    });
  });
}

/**
 * Writes what a command prints to an open file.
 * @throws the last line it said when it fails.
 */
export async function download(client: Client, command: string, file: number): Promise<void> {
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.exec(command, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
  const said: Buffer[] = [];
  channel.stderr.on("data", (part: Buffer) => said.push(part));
  const ended = new Promise<number>((resolve) => {
    channel.on("exit", (status: number | null) => {
      resolve(status ?? 255);
    });
    channel.on("close", () => {
      resolve(255);
    });
  });
  await pipeline(channel, createWriteStream("", { fd: file }));
  const code = await ended;
  if (code !== 0)
    throw new Error(Buffer.concat(said).toString().trim().split("\n").pop() || `status ${code}`);
}

/**
 * Runs a command with this process's standard input and outputs, on a terminal where there is one on both sides.
 * @param input false: the command's input stays open and empty until the connection ends.
 * @returns its exit status.
 */
export function attach(client: Client, command: string, { input = true } = {}): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const terminal = input && stdin.isTTY && stdout.isTTY;
  const size = { rows: stdout.rows, cols: stdout.columns, width: 0, height: 0 };
  const pty = { term: process.env["TERM"] ?? "xterm", ...size };
  return new Promise((resolve, reject) => {
    const begin = (error: Error | undefined, channel: ClientChannel): void => {
      if (error) {
        reject(error);
        return;
      }
      let code: number | undefined;
      const resize = (): void => {
        channel.setWindow(stdout.rows, stdout.columns, 0, 0);
      };
      if (terminal) {
        stdin.setRawMode(true);
        stdout.on("resize", resize);
      }
      if (input) stdin.pipe(channel);
      channel.pipe(stdout, { end: false });
      channel.stderr.pipe(stderr, { end: false });
      // Whoever read our output has gone.
      stdout.on("error", () => client.end());
      channel.on("exit", (status: number | null) => (code = status ?? 255));
      channel.on("close", () => {
        if (terminal) stdin.setRawMode(false);
        stdout.off("resize", resize);
        stdin.destroy();
        if (code === undefined) reject(new Error("the connection to the machine was lost"));
        else resolve(code);
      });
    };
    if (terminal) client.exec(command, { pty }, begin);
    else client.exec(command, begin);
  });
}

function connected(entry: Entry, more: ConnectConfig = {}): Promise<Client> {
  const { host, port, user, hostKey, privateKey } = entry;
  const [type = "", pinned = ""] = hostKey.split(" ");
  const agent = process.env["SSH_AUTH_SOCK"];
  const key = privateKey === undefined ? agent && { agent } : { privateKey };
  const client = new Client();
  let refused = false;
  return new Promise((resolve, reject) => {
    client.on("ready", () => {
      resolve(client);
    });
    client.on("error", (error) => {
      const reason = refused ? "it has another host key than the one that is pinned" : error.message;
      reject(new Error(`${user}@${host}:${port} can't be entered: ${reason}`));
    });
    if (!key)
      throw new Error(`${host} is entered by an SSH agent, and none runs: eval $(ssh-agent), then ssh-add`);
    client.connect({
      ...{ host, port, username: user, ...key, readyTimeout: 10_000, keepaliveInterval: 15_000 },
      // A server has keys of several kinds: the pinned kind is asked for.
      algorithms: { serverHostKey: algorithms(type) },
      hostVerifier: (offered: Buffer) => !(refused = offered.toString("base64") !== pinned),
      ...more,
    });
  });
}

const algorithms = (type: string): ServerHostKeyAlgorithm[] =>
  type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type as ServerHostKeyAlgorithm];
