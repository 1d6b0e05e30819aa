import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ToolRecord } from "../../tools/toolchain/record";

describe("the record of tools", () => {
  let folder: string;
  let record: string;
  let tool: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tool-record-"));
    record = join(folder, "record", "tools.json");
    tool = join(folder, "tool");
    writeFileSync(tool, "program");
    new ToolRecord(record).note("tool", "1.0", tool);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const lookUp = (wanted = "1.0"): string | undefined => new ToolRecord(record).lookUp("tool", wanted);

  it("knows a file that is as it was noted", () => {
    assert.equal(lookUp(), tool);
  });

  it("keeps what was noted of other tools", () => {
    new ToolRecord(record).note("other", "2.0", tool);
    assert.equal(lookUp(), tool);
  });

  it("does not know another version", () => {
    assert.equal(lookUp("1.1"), undefined);
  });

  it("does not know a file that is gone", () => {
    rmSync(tool);
    assert.equal(lookUp(), undefined);
  });

  it("does not know a file that changed", () => {
    writeFileSync(tool, "another program");
    assert.equal(lookUp(), undefined);
  });

  it("does not know a file of the same size that was put in its place", () => {
    utimesSync(tool, 1, 1);
    assert.equal(lookUp(), undefined);
  });

  it("counts as empty when it is damaged, and can be written again", () => {
    writeFileSync(record, readFileSync(record, "utf8").slice(0, 20));
    assert.equal(lookUp(), undefined);
    new ToolRecord(record).note("tool", "1.0", tool);
    assert.equal(lookUp(), tool);
  });
});
