import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, stat, utimes } from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { combine } from "./contentHash";
import type { Entry, Folder } from "./folder";
import { refuse } from "./problems";
import { keepNewest } from "./retention";
import { changed, tarball } from "./tarball";
import { list, size } from "./text";

/** Archives of a label kept besides the present one, so that going back finds its release. */
const KEPT = 3;
const LARGE = 100_000_000;
const TOO_LARGE = 1024 ** 3;

/**
 * Writes FOLDER/LABEL-ID.tar.gz unless it is there, and removes all but the newest few of the label. The same
 * files give the same bytes: sorted, owned by root, without times. Complete or absent, readable by its owner only.
 * @param expected the content hash, checked again while writing
 * @returns the archive's absolute path
 * @throws SourceError when files changed in between
 */
export async function writeArchive(
  folder: Folder,
  expected: string,
  { archiveFolder, label, id }: { archiveFolder: string; label: string; id: string },
): Promise<string> {
  await mkdir(archiveFolder, { recursive: true, mode: 0o700 });
  const archive = path.join(archiveFolder, `${label}-${id}.tar.gz`);
  const present = await stat(archive).catch(() => undefined);
  if (present === undefined) {
    const partial = `${archive}.${randomUUID()}.partial`;
    try {
      await write(folder, expected, partial);
      await rename(partial, archive);
    } finally {
      await rm(partial, { force: true });
    }
  }
  const now = new Date();
  await utimes(archive, now, now);
  const ofLabel = (name: string) =>
    name.startsWith(`${label}-`) && /^[0-9a-f]{12}\.tar\.gz$/.test(name.slice(label.length + 1));
  await keepNewest(archiveFolder, ofLabel, archive, KEPT);
  return archive;
}

/**
 * What a person should know of the release's size.
 * @throws SourceError over 1 GiB
 */
export function checkSize(entries: Entry[]): string[] {
  const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (bytes <= LARGE) return [];
  const largest = [...entries].sort((a, b) => b.size - a.size).slice(0, 3);
  const named = list(largest.map((entry) => `${entry.path} (${size(entry.size)})`));
  const fix = `Largest: ${named}. Name what is not code in .gitignore.`;
  if (bytes > TOO_LARGE) refuse("app", `a release of ${size(bytes)}`, "at most 1 GiB", fix);
  return [`The release is large: ${size(bytes)}. ${fix}`];
}

async function write(folder: Folder, expected: string, partial: string): Promise<void> {
  const digests: string[] = [];
  const file = createWriteStream(partial, { mode: 0o600, flags: "wx" });
  await pipeline(Readable.from(tarball(folder, digests)), createGzip({ level: 6 }), withoutSystem, file);
  if (combine(folder.entries, digests) !== expected) changed();
  const written = await open(partial);
  await written.sync();
  await written.close();
}

/** The tenth byte of gzip names the operating system: 255, unknown, so that all computers agree. */
async function* withoutSystem(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let position = 0;
  for await (const chunk of chunks) {
    const index = 9 - position;
    if (index >= 0 && index < chunk.length) chunk[index] = 255;
    position += chunk.length;
    yield chunk;
  }
}
