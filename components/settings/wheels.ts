import { readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { WheelsArchive } from "../network";
import { writeArchive } from "../source/archive";
import { contentHash, fileHash } from "../source/contentHash";
import type { Folder } from "../source/folder";
import { refuse } from "../source/problems";
import { uv } from "../versions";

const key = "network.wheels";

/**
 * A folder's wheels as one archive, beside those of the releases; other files are left out.
 * @param archiveFolder where it is kept
 * @throws SourceError when there is no such folder, or no uv in it, which all else is installed by
 */
export async function wheelsArchive(
  given: string,
  archiveFolder = path.resolve(".local", "releases"),
): Promise<WheelsArchive> {
  const folder = wheelsIn(given);
  const hash = await contentHash(folder);
  const id = hash.slice(0, 12);
  // A name that no site can have.
  const label = `${pulumi.getStack()}-_wheels`;
  const archive = await writeArchive(folder, hash, { archiveFolder, label, id });
  return { id, archive: path.relative(process.cwd(), archive), sha256: await fileHash(archive) };
}

function wheelsIn(given: string): Folder {
  const base = path.resolve(given.replace(/^~(?=\/)/, homedir()));
  const names = namesIn(given, base)
    .filter((name) => name.endsWith(".whl"))
    .sort();
  if (!names.some((name) => name.startsWith(`uv-${uv.version}-`))) {
    const fix = `For example: pip download --dest ${given} --only-binary :all: --no-deps uv==${uv.version}`;
    return refuse(key, `${given} (${names.length} wheels)`, `uv ${uv.version} among the wheels`, fix);
  }
  const entries = names.map((name) => ({
    ...{ path: name, mode: 0o644, size: statSync(path.join(base, name)).size },
  }));
  return { base, entries, findings: [] };
}

function namesIn(given: string, base: string): string[] {
  try {
    return readdirSync(base);
  } catch (error) {
    const { code = "unreadable" } = error as NodeJS.ErrnoException;
    return refuse(key, `${given} (${code})`, "a folder of wheels", "Correct its path.");
  }
}
