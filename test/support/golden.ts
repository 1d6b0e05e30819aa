import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Compares a text with the golden file test/render/golden/NAME. `UPDATE_GOLDEN=1` writes the file instead: read what
 * `git diff` shows of it before it is committed.
 */
export function assertGolden(name: string, text: string): void {
  const file = join(__dirname, "..", "render", "golden", name);
  if (process.env["UPDATE_GOLDEN"]) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `there is no golden file ${name}; make it with UPDATE_GOLDEN=1`);
  assert.equal(text, readFileSync(file, "utf8"), `${name} is rendered otherwise`);
}
