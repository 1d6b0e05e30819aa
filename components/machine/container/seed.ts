import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import type { Engine } from "./engine";
import type { KeyPair } from "./keys";
import { proxyEnvironment, trustedHere } from "./trust";

/** What a machine is given before its first boot. */
export interface Seed {
  user: string;
  /** Who may enter: `ssh-ed25519 AAAA…`. */
  authorizedKey: string;
  /** The machine's own host key, made here so that it is known before the first connection. */
  hostKey: KeyPair;
}

interface SeedFile {
  path: string;
  text: string;
  mode: number;
}

/** The files, as seen from the machine; all of them belong to root, which sshd accepts. */
function seedFiles({ user, authorizedKey, hostKey }: Seed, environment: NodeJS.ProcessEnv): SeedFile[] {
  const proxy = proxyEnvironment(environment);
  return [
    { path: `home/${user}/.ssh/authorized_keys`, text: `${authorizedKey}\n`, mode: 0o644 },
    { path: "etc/ssh/ssh_host_ed25519_key", text: hostKey.privateKey, mode: 0o600 },
    { path: "etc/ssh/ssh_host_ed25519_key.pub", text: `${hostKey.publicKey}\n`, mode: 0o644 },
    ...(proxy.length > 0 ? [{ path: "etc/environment", text: `${proxy.join("\n")}\n`, mode: 0o644 }] : []),
    ...trustedHere(environment).map((pem, index) => ({
      path: `usr/local/share/ca-certificates/from-host-${index + 1}.crt`,
      text: `${pem}\n`,
      mode: 0o644,
    })),
  ];
}

/** Puts the seed into a container that has not been started yet. */
export async function plant(engine: Engine, container: string, seed: Seed): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "django-server-seed-"));
  try {
    for (const { path, text, mode } of seedFiles(seed, process.env)) {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode });
      // File by file: copying a whole tree would also copy the modes of its folders.
      await engine.run(["cp", file, `${container}:/${path}`]);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
