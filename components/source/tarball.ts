import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import * as path from "node:path";
import { Header, Pax } from "tar";
import { digest } from "./contentHash";
import type { Entry, Folder } from "./folder";
import { refuse } from "./problems";

/**
 * The bytes of a tar archive of a folder: the same files give the same bytes.
 * @param digests gets the hash of each entry as it is read
 * @throws SourceError when a file is no longer as it was listed
 */
export async function* tarball({ base, entries }: Folder, digests: string[]): AsyncGenerator<Buffer> {
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

/** @throws SourceError that asks to run again */
export function changed(): never {
  return refuse("app", "files changed while they were read", "a folder at rest", "Run it again.");
}
