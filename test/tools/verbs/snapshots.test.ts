import { strict as assert } from "node:assert";

import { chosenSnapshot, parseSnapshots, snapshotLines } from "../../../tools/verbs/snapshots";

const entry = (short_id: string, time: string, ...tags: string[]) => ({
  short_id,
  time,
  tags,
  paths: ["/srv"],
});
const listed = [
  `disk ${JSON.stringify([
    entry("aaaaaaa1", "2026-01-01T02:30:00Z", "backup"),
    entry("aaaaaaa2", "2026-01-02T02:30:00.5+00:00", "backup"),
    entry("aaaaaaa3", "2026-01-02T09:00:00Z", "safety"),
  ])}`,
  `s3 ${JSON.stringify([entry("bbbbbbb2", "2026-01-02T03:30:00+01:00", "backup")])}`,
  "",
].join("\n");

describe("snapshots", () => {
  const snapshots = parseSnapshots(listed);

  it("are read from every place, the newest first, and of the same data the one on the machine", () => {
    assert.deepEqual(
      snapshots.map(({ id, place, isSafety }) => [id, place, isSafety]),
      [
        ["aaaaaaa3", "disk", true],
        ["aaaaaaa2", "disk", false],
        ["bbbbbbb2", "s3", false],
        ["aaaaaaa1", "disk", false],
      ],
    );
    assert.equal(snapshots[2]?.time, Date.parse("2026-01-02T02:30:00Z") / 1000);
    assert.deepEqual(parseSnapshots(""), []);
    assert.deepEqual(parseSnapshots("disk null\n"), []);
  });

  it("are chosen by id, or the newest that a backup made, from a place or any", () => {
    assert.equal(chosenSnapshot(snapshots).id, "aaaaaaa2");
    assert.equal(chosenSnapshot(snapshots, undefined, "s3").id, "bbbbbbb2");
    assert.equal(chosenSnapshot(snapshots, "aaaaaaa3").id, "aaaaaaa3");
    assert.throws(() => chosenSnapshot(snapshots, "aaaaaaa1", "s3"), /there is no snapshot aaaaaaa1 in s3/);
    assert.throws(() => chosenSnapshot([]), /there is no backup$/);
  });

  it("of the same data are one line of the table", () => {
    const lines = snapshotLines(snapshots, Date.parse("2026-01-02T12:30:00Z") / 1000);
    assert.deepEqual(lines, [
      "taken                                 disk      s3        kind",
      "2026-01-02 09:00 UTC  3 h 30 min ago  aaaaaaa3  -         of before a restore",
      "2026-01-02 02:30 UTC  10 h 0 min ago  aaaaaaa2  bbbbbbb2  backup",
      "2026-01-01 02:30 UTC  1 d 10 h ago    aaaaaaa1  -         backup",
    ]);
  });
});
