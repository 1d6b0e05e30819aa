import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";

import { create } from "tar";

import type { Engine } from "./engine";
import type { KeyPair } from "../keys";
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

/** The files, as seen from the machine. */
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
  await engine.run(["cp", "-", `${container}:/`], { input: await archive(seedFiles(seed, process.env)) });
}

/** A tar archive of files only: the folders they go to keep their modes. */
async function archive(files: readonly SeedFile[]): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "django-server-seed-"));
  try {
    for (const { path, text, mode } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text, { mode });
    }
    // Portable: without the owner's number, which means root.
    return await buffer(
      create(
        { cwd: folder, portable: true },
        files.map(({ path }) => path),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Lets a machine that was just started take over what was planted: the login owns its key file, and the certificate
 * authorities from this computer are trusted. Again is harmless.
 */
export async function takeRoot(engine: Engine, container: string, user: string): Promise<void> {
  const home = `/home/${user}`;
  await engine.run(["exec", container, "chown", `${user}:`, `${home}/.ssh/authorized_keys`]);
  // The boot, which goes on meanwhile, clears /tmp.
  const update = ["exec", "--env", "TMPDIR=/var/tmp", container, "update-ca-certificates"];
  if (trustedHere(process.env).length > 0) await engine.run(update);
}
