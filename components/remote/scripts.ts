import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as path from "node:path";

import type { HostScript } from "../render/hostScripts";

const folder = path.join(__dirname, "..", "host");

/** What may run on a machine: the files of components/host, by name. */
const files = {
  activate: "activate.sh",
  "asgi-worker": "asgi-worker.py",
  "certificate-acme": "certificate-acme.sh",
  "certificate-provided": "certificate-provided.sh",
  "certificate-self-signed": "certificate-self-signed.sh",
  backup: "backup.sh",
  "backup-schedule": "backup-schedule.sh",
  databases: "databases.py",
  "database-remove": "database-remove.sh",
  "drop-in": "drop-in.sh",
  "https-remove": "https-remove.sh",
  "initial-data": "initial-data.py",
  "network-remove": "network-remove.sh",
  "network-secrets": "network-secrets.sh",
  database: "database.sh",
  dependencies: "dependencies.sh",
  network: "network.sh",
  "nginx-default": "nginx-default.sh",
  "nginx-https": "nginx-https.sh",
  "nginx-site": "nginx-site.sh",
  packages: "packages.sh",
  postgresql: "postgresql.sh",
  prepare: "prepare.py",
  program: "program.sh",
  redis: "redis.sh",
  "redis-remove": "redis-remove.sh",
  release: "release.sh",
  restore: "restore.sh",
  "server-remove": "server-remove.sh",
  "site-exec": "site-exec.sh",
  "site-file": "site-file.sh",
  "site-file-remove": "site-file-remove.sh",
  "site-remove": "site-remove.sh",
  "site-user": "site-user.sh",
  timers: "timers.sh",
  snapshots: "snapshots.sh",
  uv: "uv.sh",
  wheels: "wheels.sh",
} as const;

export type ScriptName = keyof typeof files;

const read = (file: string): string => readFileSync(path.join(folder, file), "utf8");

/** A script stands alone on the machine: the libraries it sources are put in place of the line that does. */
const inline = (text: string): string =>
  text.replaceAll(/^\. "\$\{0%\/\*\}\/(lib\/\w+\.sh)"$/gm, (_, library: string) =>
    read(library)
      .replace(/^# shellcheck .*\n/, "")
      .trimEnd(),
  );

function load(name: ScriptName): HostScript {
  const text = inline(read(files[name]));
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return { path: `/opt/django-server/${name}@${hash}`, text };
}

/** Every host script; its path carries the hash of its text, so that a changed one runs its own steps again. */
export const scripts = Object.fromEntries(
  (Object.keys(files) as ScriptName[]).map((name) => [name, load(name)]),
) as Record<ScriptName, HostScript>;

/** The check that stands at the top of the installer. */
export const systemCheck = read("check-system.sh");
