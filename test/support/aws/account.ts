import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Properties } from "../../../tools/command-plugin/resource";

/** A resource that exists: what it was asked to be and what became of it. */
export interface Existing {
  type: string;
  properties: Properties;
}

/** All that exists in one account, kept in a folder. */
export class Account {
  private readonly file: string;

  constructor(readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, "account.json");
  }

  all(): Record<string, Existing> {
    if (!existsSync(this.file)) return {};
    return JSON.parse(readFileSync(this.file, "utf8")) as Record<string, Existing>;
  }

  ofType(type: string): [id: string, properties: Properties][] {
    return Object.entries(this.all())
      .filter(([, existing]) => existing.type === type)
      .map(([id, { properties }]) => [id, properties]);
  }

  get(id: string): Properties | undefined {
    return this.all()[id]?.properties;
  }

  put(id: string, existing: Existing): void {
    this.write({ ...this.all(), [id]: existing });
  }

  remove(id: string): void {
    this.write(Object.fromEntries(Object.entries(this.all()).filter(([other]) => other !== id)));
  }

  private write(all: Record<string, Existing>): void {
    writeFileSync(`${this.file}.new`, JSON.stringify(all, undefined, 2));
    renameSync(`${this.file}.new`, this.file);
  }
}

/** Like AWS's: `vpc-0123456789abcdef0`. */
export const newId = (prefix: string): string => `${prefix}-0${randomBytes(8).toString("hex")}`;
