import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

interface Entry {
  wanted: string;
  file: string;
  size: number;
  modified: number;
}

/** Notes which file serves as which tool, so that a later run finds out by one look at the file. */
export class ToolRecord {
  private readonly entries: Record<string, Entry>;

  /** @param path a JSON file; one that can't be read counts as empty. */
  constructor(private readonly path: string) {
    this.entries = read(path);
  }

  /**
   * The file noted for a tool.
   *
   * @param wanted what is asked for now, such as a version; another than was noted counts as nothing.
   * @returns undefined when nothing was noted, or the file is gone or changed since.
   */
  lookUp(tool: string, wanted: string): string | undefined {
    const entry = this.entries[tool];
    if (entry?.wanted !== wanted) return undefined;
    const file = statSync(entry.file, { throwIfNoEntry: false });
    return file?.size === entry.size && file.mtimeMs === entry.modified ? entry.file : undefined;
  }

  /** Notes a file as it is now. */
  note(tool: string, wanted: string, file: string): void {
    const { size, mtimeMs } = statSync(file);
    this.entries[tool] = { wanted, file, size, modified: mtimeMs };
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.path}.new`, JSON.stringify(this.entries, undefined, 2));
    renameSync(`${this.path}.new`, this.path);
  }
}

function read(path: string): Record<string, Entry> {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Record<string, Entry>;
  } catch {
    return {};
  }
}
