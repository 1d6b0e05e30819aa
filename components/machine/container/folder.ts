import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { projectFolder } from "../here";
import { type KeyPair, generateKeyPair, publicKeyOf } from "../keys";

/** What `ssh` needs to enter a machine. */
export interface Entrance {
  host: string;
  port: number;
  user: string;
  /** `ssh-ed25519 AAAA…` */
  hostKey: string;
}

/** A machine's private, git-ignored folder: its key, its pinned host key and the configuration of `ssh`. */
export class MachineFolder {
  readonly path: string;
  readonly privateKeyFile: string;
  readonly sshConfig: string;
  private readonly knownHosts: string;

  constructor(private readonly machine: string) {
    this.path = join(projectFolder, ".local", "machines", machine);
    this.privateKeyFile = join(this.path, "id_ed25519");
    this.sshConfig = join(this.path, "ssh-config");
    this.knownHosts = join(this.path, "known_hosts");
  }

  /** The key pair that opens the machine, or undefined when there is none. */
  keyPair(): KeyPair | undefined {
    if (!existsSync(this.privateKeyFile)) return undefined;
    const privateKey = readFileSync(this.privateKeyFile, "utf8");
    const publicKey = publicKeyOf(privateKey);
    return publicKey === undefined ? undefined : { privateKey, publicKey };
  }

  /** The key pair that opens the machine, made when there is none. */
  ensureKeyPair(): KeyPair {
    const existing = this.keyPair();
    if (existing) return existing;
    const pair = generateKeyPair();
    this.write(this.privateKeyFile, pair.privateKey, 0o600);
    return pair;
  }

  /** The pinned host key of a machine that became ready, or undefined. */
  hostKey(): string | undefined {
    if (!existsSync(this.knownHosts)) return undefined;
    return readFileSync(this.knownHosts, "utf8").trim().split(" ").slice(1).join(" ");
  }

  /** Writes what makes `ssh -F ssh-config MACHINE` work, with the host key pinned. */
  writeSshConfig({ host, port, user, hostKey }: Entrance): void {
    const lines = [
      `Host ${this.machine}`,
      `  HostName ${host}`,
      `  Port ${port}`,
      `  User ${user}`,
      `  IdentityFile ${quoted(this.privateKeyFile)}`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${quoted(this.knownHosts)}`,
      "  StrictHostKeyChecking yes",
    ];
    this.write(this.sshConfig, `${lines.join("\n")}\n`, 0o644);
    this.write(this.knownHosts, `[${host}]:${port} ${hostKey}\n`, 0o644);
  }

  /** Removes the folder; nothing happens when there is none. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** Beside, then in place: a file is whole or absent. */
  private write(path: string, text: string, mode: number): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    rmSync(`${path}.new`, { force: true });
    writeFileSync(`${path}.new`, text, { mode });
    renameSync(`${path}.new`, path);
  }
}

function quoted(path: string): string {
  return `"${path.replaceAll("%", "%%")}"`;
}
