import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat, utimes } from "node:fs/promises";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { refuse, SourceError } from "../problems";
import { keepNewest } from "../retention";
import { size } from "../text";
import { largest, otherSum, shownUrl, type ArchiveSource } from "./source";

const kept = 3;
/** Seconds that a download may take in all, and be silent for. */
const longest = 1800;
const silence = 30;

/**
 * The archive of an https URL, kept in `cache` by its sum, so that a known one needs no network.
 * @param say told now and then how far it is
 * @returns its file
 * @throws SourceError when it can't be had or has another sum
 */
export async function download(
  { archive, sha256 }: ArchiveSource,
  cache: string,
  say: (text: string) => void,
): Promise<string> {
  const file = path.join(cache, `${sha256}.tar.gz`);
  if (await stat(file).catch(() => undefined)) {
    await utimes(file, new Date(), new Date());
    return file;
  }
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const partial = path.join(cache, `${randomUUID()}.partial`);
  try {
    const sum = await fetchTo(archive, partial, say);
    if (sum !== sha256) otherSum(archive, sum);
    await rename(partial, file);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    const fix = "Check the URL and the network (`curl -LO URL`).";
    const value = `${shownUrl(archive)} can't be had: ${reason}`;
    refuse("app.archive", value, "an archive that can be downloaded", fix);
  } finally {
    await rm(partial, { force: true });
  }
  await keepNewest(cache, (name) => /^[0-9a-f]{64}\.tar\.gz$/.test(name), file, kept);
  return file;
}

async function fetchTo(url: string, file: string, say: (text: string) => void): Promise<string> {
  const limits = new AbortController();
  const stop = (seconds: number, reason: string) =>
    setTimeout(() => {
      limits.abort(new Error(reason));
    }, seconds * 1000);
  const end = stop(longest, `it takes more than ${longest / 60} minutes`);
  const quiet = stop(silence, `no answer within ${silence} s`);
  try {
    const answer = await fetch(url, { signal: limits.signal });
    if (!answer.url.startsWith("https:")) throw new Error("it leads to a URL that is not https");
    if (!answer.ok || answer.body === null) throw new Error(`the server answers ${answer.status}`);
    const hash = createHash("sha256");
    const whole = Number(answer.headers.get("content-length") ?? NaN);
    let bytes = 0;
    let told = Date.now();
    const measured = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        quiet.refresh();
        bytes += chunk.length;
        if (bytes > largest) throw new Error(`it is larger than ${size(largest)}`);
        hash.update(chunk);
        if (Date.now() - told > 1000) {
          told = Date.now();
          say(`Downloading ${shownUrl(url)}: ${size(bytes)}${whole > 0 ? ` of ${size(whole)}` : ""}`);
        }
        yield chunk;
      }
    };
    const target = createWriteStream(file, { mode: 0o600, flags: "wx" });
    await pipeline(Readable.fromWeb(answer.body), measured, target);
    return hash.digest("hex");
  } finally {
    clearTimeout(end);
    clearTimeout(quiet);
  }
}
