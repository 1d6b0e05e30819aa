import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, join } from "node:path";
import { extract } from "tar";

import { isProgram, output } from "./process";
import { reasonOf } from "./ways";

/**
 * Downloads an archive from the first site that has it, and checks it.
 *
 * @throws what the last site answered, or that the archive is not the pinned one.
 */
export async function download(sites: readonly string[], name: string, sha256: string, folder: string) {
  const file = join(folder, name);
  let failure = "no site is known";
  for (const site of sites) {
    try {
      // curl knows a company's proxy and certificates. A site that is silent must not keep anyone waiting.
      const patience = ["--connect-timeout", "5", "--speed-time", "20", "--speed-limit", "1000"];
      await output("curl", ["-fsSL", ...patience, "--output", file, `${site}/${name}`]);
    } catch (error) {
      failure = reasonOf(error).replace(/^curl: \(\d+\) /, "");
      continue;
    }
    await verify(file, sha256);
    return file;
  }
  throw new Error(failure);
}

/**
 * An archive in a folder that has a SHA256SUMS, checked.
 *
 * @returns undefined when the folder has no such archive.
 */
export async function givenArchive(folder: string, name: string): Promise<string | undefined> {
  const file = join(folder, name);
  if (!existsSync(file)) return undefined;
  const sums = join(folder, "SHA256SUMS");
  if (!existsSync(sums)) throw new Error(`${sums}, which would tell whether ${name} is whole, is missing`);
  const line = readFileSync(sums, "utf8")
    .split("\n")
    .map((text) => text.trim().split(/\s+\*?/))
    .find(([, listed]) => listed === name);
  if (line?.[0] === undefined) throw new Error(`${sums} does not list ${name}`);
  await verify(file, line[0]);
  return file;
}

/** @throws unless a file has the SHA-256 that is asked for. */
export async function verify(file: string, sha256: string): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const found = hash.digest("hex");
  if (found !== sha256) {
    throw new Error(
      `${basename(file)} has the wrong checksum, ${found} instead of ${sha256}, and is not used`,
    );
  }
}

/**
 * Unpacks the named programs of an archive, which has them at its top or in a folder `pulumi`; each appears whole or
 * not at all.
 */
export async function unpack(archive: string, programs: readonly string[], folder: string): Promise<void> {
  await inNewFolder(folder, async (fresh) => {
    await extract({ file: archive, cwd: fresh, filter: (path) => programs.includes(basename(path)) });
    for (const program of programs) {
      const found = [join(fresh, program), join(fresh, "pulumi", program)].find(isProgram);
      if (found === undefined) throw new Error(`${basename(archive)} does not hold ${program}`);
      renameSync(found, join(folder, program));
    }
  });
}

/** Works in a new folder inside another, which is made when it is missing, and removes it afterwards. */
export async function inNewFolder<T>(parent: string, work: (fresh: string) => Promise<T>): Promise<T> {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const fresh = mkdtempSync(join(parent, ".new-"));
  try {
    return await work(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}
