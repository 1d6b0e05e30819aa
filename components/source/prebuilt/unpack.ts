import { createReadStream, type Stats } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { extract, list, type ReadEntry } from "tar";
import { fileHash } from "../contentHash";
import { refuse } from "../problems";
import { size } from "../text";
import { download } from "./download";
import { largest, otherSum, shownUrl, type ArchiveSource } from "./source";

const mostFiles = 200_000;
const memberTypes = ["File", "OldFile", "ContiguousFile", "Directory", "GNUDumpDir", "SymbolicLink"];

/**
 * Unpacks an archive into a folder of its own.
 * @param base where a relative path starts
 * @param cache the absolute folder of downloads
 * @param say told now and then how far a download is
 * @returns the folder of its files: where all of them lie in one folder, as in the archives of tags, that one
 * @throws SourceError when it can't be had, has another sum, or holds what no release may hold
 */
export async function unpackArchive(
  source: ArchiveSource,
  base: string,
  cache: string,
  say: (text: string) => void,
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const file = source.archive.startsWith("https://")
    ? await download(source, cache, say)
    : await local(source, path.resolve(base, source.archive));
  const folder = await mkdtemp(path.join(tmpdir(), "django-server-source-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await unpack(source, file, folder);
    const [only, ...others] = await readdir(folder, { withFileTypes: true });
    const wrapped = only?.isDirectory() === true && others.length === 0;
    return { folder: wrapped ? path.join(folder, only.name) : folder, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function local({ archive, sha256 }: ArchiveSource, file: string): Promise<string> {
  if (!(await stat(file).catch(() => undefined))?.isFile())
    refuse("app.archive", `${archive} is no file (${file})`, "a .tar.gz", "Correct app.archive.");
  const sum = await fileHash(file);
  return sum === sha256 ? file : otherSum(archive, sum);
}

async function unpack({ archive }: ArchiveSource, file: string, folder: string): Promise<void> {
  try {
    await check(file);
    // A folder that may not be written could not be filled.
    const filter = (_: string, entry: Stats | ReadEntry): boolean => {
      const isFolder = "type" in entry && entry.type === "Directory";
      entry.mode = (entry.mode ?? 0) | (isFolder ? 0o700 : 0o600);
      return true;
    };
    // Owners and times are not kept, nor what makes a program run as another user.
    await extract({ file, cwd: folder, filter, strict: true, preserveOwner: false, noMtime: true });
  } catch (error) {
    const value = `${shownUrl(archive)}: ${(error as Error).message}`;
    refuse("app.archive", value, "a .tar.gz of files, folders and links", "Pack it again.");
  }
}

/**
 * Reads all of an archive before anything of it is written; a small one may hold a very large file. Where links lead is
 * looked at when the folder is listed.
 * @throws Error that says what no release may hold
 */
async function check(file: string): Promise<void> {
  const packed = createReadStream(file);
  const total = { bytes: 0, files: 0 };
  const onReadEntry = (entry: ReadEntry): void => {
    total.bytes += entry.size;
    total.files += 1;
    const problem = problemOf(entry.path, entry.type, total);
    if (problem === undefined) entry.resume();
    else packed.destroy(new Error(problem));
  };
  await pipeline(packed, list({ onReadEntry, strict: true }));
}

function problemOf(name: string, type: string, { bytes, files }: { bytes: number; files: number }) {
  if (!memberTypes.includes(type)) return `${name} is a ${type}`;
  if (path.posix.isAbsolute(name) || name.split("/").includes("..")) return `${name} leads outside`;
  if (bytes > largest) return `it unpacks to more than ${size(largest)}`;
  return files > mostFiles ? `it holds more than ${mostFiles} files` : undefined;
}
