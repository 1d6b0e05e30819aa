import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar";
import { fileHash } from "./archive";
import { refuse, SourceError, type Problem } from "./problems";
import { keepNewest } from "./retention";
import { hasCredentials, size } from "./text";

/** A release that something else has packed: a .tar.gz. */
export interface ArchiveSource {
  /** An https URL without credentials, or a path relative to the base. */
  archive: string;
  /** sha256 of its bytes, 64 hex digits. */
  sha256: string;
}

const kept = 3;
const largest = 1024 ** 3;
const mostFiles = 200_000;
const seconds = 600;

export function archiveProblems({ archive }: ArchiveSource): Problem[] {
  const fix = "Set app.archive to an https URL that needs no login, or to a path.";
  if (hasCredentials(archive))
    return [{ key: "app.archive", value: "a URL with credentials", expected: "a URL without", fix }];
  const odd = /^[a-z][a-z0-9+.-]*:\/\//i.test(archive) && !archive.startsWith("https://");
  return odd ? [{ key: "app.archive", value: archive, expected: "an https URL or a path", fix }] : [];
}

/**
 * Unpacks an archive into a folder of its own. Downloads are kept below `cache` by their sum, so that a known one needs
 * no network.
 * @returns the folder of its files: where all of them lie in one folder, as in the archives of tags, that one
 * @throws SourceError when it can't be had, has another sum, or holds what no release may hold
 */
export async function unpackArchive(
  source: ArchiveSource,
  base: string,
  cache: string,
): Promise<{ folder: string; remove: () => Promise<void> }> {
  const file = source.archive.startsWith("https://")
    ? await download(source, cache)
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

async function download({ archive, sha256 }: ArchiveSource, cache: string): Promise<string> {
  const file = path.join(cache, `${sha256}.tar.gz`);
  if (await stat(file).catch(() => undefined)) {
    await utimes(file, new Date(), new Date());
    return file;
  }
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const partial = path.join(cache, `${randomUUID()}.partial`);
  try {
    const sum = await fetchTo(archive, partial);
    if (sum !== sha256) otherSum(archive, sum);
    await rename(partial, file);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    const fix = "Check the URL and the network (`curl -LO URL`).";
    refuse("app.archive", `${archive} can't be had: ${reason}`, "an archive that can be downloaded", fix);
  } finally {
    await rm(partial, { force: true });
  }
  await keepNewest(cache, (name) => /^[0-9a-f]{64}\.tar\.gz$/.test(name), file, kept);
  return file;
}

async function fetchTo(url: string, file: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(seconds * 1000) });
  if (!answer.ok || answer.body === null) throw new Error(`the server answers ${answer.status}`);
  const hash = createHash("sha256");
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > largest ? new Error(`it is larger than ${size(largest)}`) : null, chunk);
    },
  });
  await pipeline(
    Readable.fromWeb(answer.body),
    measure,
    createWriteStream(file, { mode: 0o600, flags: "wx" }),
  );
  return hash.digest("hex");
}

/** Files, folders and symbolic links only; where links lead is looked at when the folder is listed. */
async function unpack({ archive }: ArchiveSource, file: string, folder: string): Promise<void> {
  let bytes = 0;
  let files = 0;
  const problems: string[] = [];
  const filter = (name: string, entry: { size?: number; type?: string }): boolean => {
    bytes += entry.size ?? 0;
    files += 1;
    const known = ["File", "OldFile", "ContiguousFile", "Directory", "GNUDumpDir", "SymbolicLink"];
    if (!known.includes(entry.type ?? "")) problems.push(`${name} is a ${entry.type ?? "thing"}`);
    else if (path.posix.isAbsolute(name) || name.split("/").includes(".."))
      problems.push(`${name} leads outside`);
    else if (bytes > largest) problems.push(`it unpacks to more than ${size(largest)}`);
    else if (files > mostFiles) problems.push(`it holds more than ${mostFiles} files`);
    return problems.length === 0;
  };
  try {
    // Its bits are kept, but not its owners and times, nor what makes a program run as another user.
    const options = { cwd: folder, filter, strict: true, preserveOwner: false, noMtime: true };
    await pipeline(createReadStream(file), extract(options));
  } catch (error) {
    problems.push((error as Error).message);
  }
  const [problem] = problems;
  if (problem !== undefined)
    refuse(
      "app.archive",
      `${archive}: ${problem}`,
      "a .tar.gz of files, folders and links",
      "Pack it again.",
    );
}

function otherSum(archive: string, sum: string): never {
  const fix = `If that is the one you mean: pulumi config set --path app.sha256 ${sum}`;
  return refuse("app.sha256", `${archive} has the sum ${sum}`, "the sum that is given", fix);
}
