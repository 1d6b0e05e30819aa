import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readFile, readlink, rename, rm, stat, utimes } from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Header, Pax } from "tar";
import type { Entry, Folder } from "./folder";
import { refuse } from "./problems";
import { keepNewest } from "./retention";
import { list, size } from "./text";

/** Archives of a label kept besides the present one, so that going back finds its release. */
const KEPT = 3;
const SMALL = 1_000_000;
const LARGE = 100_000_000;
const TOO_LARGE = 1024 ** 3;

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
  await pipeline(Readable.from(tar(folder, digests)), createGzip({ level: 6 }), withoutSystem, file);
  if (combine(folder.entries, digests) !== expected) changed();
  const written = await open(partial);
  await written.sync();
  await written.close();
}

async function* tar({ base, entries }: Folder, digests: string[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    yield headerOf(entry);
    if (entry.target !== undefined) {
      digests.push(await digest(base, entry));
      continue;
    }
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of createReadStream(path.join(base, entry.path))) {
      bytes += (chunk as Buffer).length;
      hash.update(chunk as Buffer);
      yield chunk as Buffer;
    }
    if (bytes !== entry.size) changed();
    digests.push(hash.digest("hex"));
    yield Buffer.alloc((512 - (bytes % 512)) % 512);
  }
  yield Buffer.alloc(1024);
}

function headerOf(entry: Entry): Buffer {
  const isLink = entry.target !== undefined;
  const data = {
    path: entry.path,
    mode: entry.mode,
    size: entry.size,
    uid: 0,
    gid: 0,
    uname: "root",
    gname: "root",
    mtime: new Date(0),
    type: isLink ? ("SymbolicLink" as const) : ("File" as const),
    ...(isLink && { linkpath: entry.target }),
  };
  const header = new Header(data);
  // Only long and non-ASCII names need the extended header, and it holds nothing else.
  const extended = header.encode();
  const block = header.block ?? Buffer.alloc(512);
  if (!extended) return block;
  return Buffer.concat([
    new Pax({ path: entry.path, ...(isLink && { linkpath: entry.target }) }).encode(),
    block,
  ]);
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

async function digest(base: string, entry: Entry): Promise<string> {
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

function combine(entries: Entry[], digests: string[]): string {
  const hash = createHash("sha256");
  for (const [index, { path: name, mode }] of entries.entries()) {
    hash.update(`${mode.toString(8)} ${name}\0${digests[index] ?? ""}\n`);
  }
  return hash.digest("hex");
}

function changed(): never {
  return refuse("app", "files changed while they were read", "a folder at rest", "Run it again.");
}
