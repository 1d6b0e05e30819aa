import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, readlink } from "node:fs/promises";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import type { Entry, Folder } from "./folder";
import { refuse } from "./problems";

const SMALL = 1_000_000;

/** Which files a release would hold, as a hash of every path, mode and content: 64 hex digits. */
export async function contentHash(folder: Folder): Promise<string> {
  const digests: string[] = [];
  const remaining = folder.entries.entries();
  // Several readers share one iterator: small files are mostly waiting.
  const reader = async () => {
    for (const [index, entry] of remaining) digests[index] = await digest(folder.base, entry);
  };
  await Promise.all(Array.from({ length: 16 }, reader));
  return combine(folder.entries, digests);
}

/** The hash of an entry's content, or of where a link points. */
export async function digest(base: string, entry: Entry): Promise<string> {
  const file = path.join(base, entry.path);
  if (entry.target === undefined) return hashFile(file, entry.size);
  return createHash("sha256")
    .update(await readlink(file))
    .digest("hex");
}

/** sha256 of a file's bytes, hexadecimal. */
export const fileHash = (file: string): Promise<string> => hashFile(file);

async function hashFile(file: string, bytes = Infinity): Promise<string> {
  const hash = createHash("sha256");
  try {
    // A stream costs more than a small file's content.
    if (bytes > SMALL) await pipeline(createReadStream(file), hash);
    else hash.update(await readFile(file));
    return hash.digest("hex");
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    return refuse("app", `${file} is unreadable (${code})`, "readable files", "Change its permissions.");
  }
}

/** One hash of all entries and of theirs. */
export function combine(entries: Entry[], digests: string[]): string {
  const hash = createHash("sha256");
  for (const [index, { path: name, mode }] of entries.entries()) {
    hash.update(`${mode.toString(8)} ${name}\0${digests[index] ?? ""}\n`);
  }
  return hash.digest("hex");
}
