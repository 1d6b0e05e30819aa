import { realpath } from "node:fs/promises";
import * as path from "node:path";

/**
 * Whether a symbolic link leads out of a folder, by what it says or by the links on its way; a link to nothing only by
 * what it says.
 * @param base absolute
 * @param name of the link, relative to the base
 */
export async function leadsOutside(base: string, name: string, target: string): Promise<boolean> {
  const said = path.posix.normalize(path.posix.join(path.posix.dirname(name), target));
  if (path.isAbsolute(target) || isOutside(said)) return true;
  const real = await realpath(path.join(base, name)).catch(() => undefined);
  return real !== undefined && isOutside(path.relative(await realpath(base), real));
}

function isOutside(relative: string): boolean {
  return relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
}
