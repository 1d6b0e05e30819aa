import { readdir, rm, stat } from "node:fs/promises";
import * as path from "node:path";

const HOUR = 3_600_000;

/** Removes what a killed run left half made in a folder. */
export const removeAbandoned = (folder: string): Promise<void> => keepNewest(folder, () => false, "", 0);

/**
 * Removes the older ones of a folder's files or folders, and what a killed run left half made.
 * @param belongs whether a name is one of them
 * @param present always kept, and not counted
 * @param kept how many others stay
 */
export async function keepNewest(
  folder: string,
  belongs: (name: string) => boolean,
  present: string,
  kept: number,
): Promise<void> {
  const dated = await Promise.all((await readdir(folder)).map((name) => date(path.join(folder, name), name)));
  const others = dated.filter((one) => belongs(one.name) && one.file !== present);
  const old = others.sort((a, b) => b.time - a.time).slice(kept);
  const abandoned = dated.filter(
    (one) => /(^partial-|\.partial$)/.test(one.name) && one.time < Date.now() - HOUR,
  );
  await Promise.all([...old, ...abandoned].map(({ file }) => rm(file, { recursive: true, force: true })));
}

async function date(file: string, name: string): Promise<{ file: string; name: string; time: number }> {
  // Another run may just have removed it.
  const time = await stat(file)
    .then(({ mtimeMs }) => mtimeMs)
    .catch(() => 0);
  return { file, name, time };
}
