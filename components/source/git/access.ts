import { rmSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { shellWord } from "../../render/shell";
import { removeAbandoned } from "../retention";
import { sshCommand, type Surroundings } from "./command";

/** How a private repository is entered; without any of it, with the rights that this computer's git has anyway. */
export interface GitAccess {
  /** The text of a private SSH key without a passphrase, such as a deploy key. */
  deployKey?: string;
  /** The SSH server's key, `ssh-ed25519 AAAA…`. @default what this computer's known_hosts say */
  hostKey?: string;
  /** An access token for HTTPS, or `USER:TOKEN`. @default the user x-access-token, whom most services take */
  token?: string;
}

/** The host in a repository's URL, with its port where it has one; undefined for a file URL. */
export function hostOf(url: string): string | undefined {
  const ofUrl = /^(?:https|ssh):\/\/(?:[^/@]*@)?([^/]+)/.exec(url)?.[1];
  return ofUrl ?? /^[\w.-]+@([\w.-]+):/.exec(url)?.[1];
}

/**
 * Does what has to enter a repository. Secrets lie in files of a folder that only this user can enter and that is gone
 * afterwards: never in arguments, URLs or the environment, and no credential helper learns them. What a killed run left
 * goes an hour later.
 * @param cache where that folder is made; itself made when missing
 */
export async function withAccess<T>(
  { git, access = {} }: { git: string; access?: GitAccess },
  cache: string,
  action: (surroundings: Surroundings) => Promise<T>,
): Promise<T> {
  await mkdir(cache, { recursive: true, mode: 0o700 });
  await removeAbandoned(cache);
  const folder = await mkdtemp(path.join(cache, "partial-access-"));
  const remove = () => {
    rmSync(folder, { recursive: true, force: true });
  };
  const leave = (signal: NodeJS.Signals) => {
    remove();
    process.kill(process.pid, signal);
  };
  for (const signal of endings) process.once(signal, leave);
  try {
    return await action(await (git.startsWith("https:") ? forHttps : forSsh)(folder, git, access));
  } finally {
    for (const signal of endings) process.off(signal, leave);
    remove();
  }
}

const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Answers git's questions `Username for 'https://HOST': ` and `Password for 'https://USER@HOST': `, for one host. */
const askpass = `#!/bin/sh
folder=\${0%/*}
host=$(cat "$folder/host")
case $1 in *"//$host'"* | *"@$host'"*) ;; *) exit 1 ;; esac
case $1 in Username*) cat "$folder/user" ;; *) cat "$folder/token" ;; esac
`;

async function forHttps(folder: string, url: string, { token }: GitAccess): Promise<Surroundings> {
  if (token === undefined) return {};
  const [user, secret] = token.includes(":") ? token.split(/:(.*)/s, 2) : ["x-access-token", token];
  const program = path.join(folder, "askpass");
  await write(folder, { host: hostOf(url) ?? "", user: user ?? "", token: secret ?? "" });
  await writeFile(program, askpass, { mode: 0o700 });
  return { options: ["credential.helper="], env: { GIT_ASKPASS: program } };
}

async function forSsh(
  folder: string,
  _git: string,
  { deployKey, hostKey }: GitAccess,
): Promise<Surroundings> {
  const options: string[] = [];
  const at = (name: string) => path.join(folder, name);
  if (deployKey !== undefined) {
    await write(folder, { key: `${deployKey.trimEnd()}\n` });
    options.push(`-i ${shellWord(at("key"))} -o IdentitiesOnly=yes -o IdentityAgent=none`);
  }
  if (hostKey !== undefined) {
    // An alias spares the spelling of ports, and of names that ~/.ssh/config knows otherwise.
    await write(folder, { known_hosts: `repository ${hostKey}\n` });
    const file = shellWord(`UserKnownHostsFile=${at("known_hosts")}`);
    options.push(`-o HostKeyAlias=repository -o ${file} -o GlobalKnownHostsFile=/dev/null`);
  }
  return options.length === 0 ? {} : { env: { GIT_SSH_COMMAND: [sshCommand(), ...options].join(" ") } };
}

async function write(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files))
    await writeFile(path.join(folder, name), text, { mode: 0o600 });
}
