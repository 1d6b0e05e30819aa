import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type { Folder } from "./folder";

/** The files of a release, as what is learnt from them sees them: nothing that is not sent exists. */
export class Project {
  private readonly paths: Set<string>;

  /** @param root where manage.py is expected, relative to the release, "" for its top */
  constructor(
    private readonly folder: Folder,
    readonly root: string,
  ) {
    this.paths = new Set(folder.entries.map((entry) => entry.path));
  }

  has(name: string): boolean {
    return this.paths.has(name);
  }

  /** Every path, sorted. */
  get files(): string[] {
    return [...this.paths];
  }

  /** A path from the release's top, for one given from the root. */
  fromRoot(name: string): string {
    return path.posix.join(this.root, name);
  }

  /** A file's text, undefined when the release has none. Windows' UTF-16 and byte order marks are understood. */
  async read(name: string): Promise<string | undefined> {
    if (!this.has(name)) return undefined;
    const bytes = await readFile(path.join(this.folder.base, name));
    const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString("utf16le") : bytes.toString("utf8");
    return text.replace(/^\uFEFF/, "").replace(/\r\n/g, "\n");
  }
}
