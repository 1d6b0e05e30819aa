import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { checkout } from "../../tools/toolchain/environment";

describe("the count of tests", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "counts-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs mocha on a test file of that text; returns the last line and the exit code. */
  function count(text: string): { line: string | undefined; code: number | null } {
    const file = join(folder, "some.test.ts");
    writeFileSync(file, text);
    const mocha = join(checkout, "node_modules", "mocha", "bin", "mocha.js");
    const { stdout, status } = spawnSync(process.execPath, [mocha, file], {
      cwd: checkout,
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== "TEST_COUNTS_FILE")),
      encoding: "utf8",
    });
    return { line: stdout.trimEnd().split("\n").pop(), code: status };
  }

  it("is of all that passed", () => {
    assert.deepEqual(count("it('a', () => {}); it('b', () => {});"), { line: "2 passed, 0 failed", code: 0 });
  });

  it("names skipped ones only where there are any", () => {
    const text = "it('a', () => {}); it.skip('b', () => {}); it('c', function () { this.skip(); });";
    assert.deepEqual(count(text), { line: "1 passed, 0 failed, 2 skipped", code: 0 });
  });

  it("has a failed hook as a failure, and fails", () => {
    const text = "describe('x', () => { before(() => { throw new Error('no'); }); it('a', () => {}); });";
    assert.deepEqual(count(text), { line: "0 passed, 1 failed", code: 1 });
  });

  it("has a failed test as a failure, and fails", () => {
    const text = "it('a', () => {}); it('b', async () => { throw new Error('no'); });";
    assert.deepEqual(count(text), { line: "1 passed, 1 failed", code: 1 });
  });
});
