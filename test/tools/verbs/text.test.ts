import { strict as assert } from "node:assert";

import type { Drift } from "../../../tools/verbs/drift";
import { isBackedUp, isUp, type Status, statusLines } from "../../../tools/verbs/statusLines";
import { duration, moment, size, table } from "../../../tools/verbs/text";

const release = { id: "0123456789ab-4d5e", built: 1_700_000_000, lastActive: 1_700_000_060, active: true };
const good: Status = {
  site: { name: "shop", url: "http://shop.org", up: true, answer: 200 },
  machine: {
    ...{ kind: "ssh", address: "shop.org", system: "Debian GNU/Linux 13 (trixie)", seconds: 90_000 },
    ...{ load: 0.5, cores: 2, memory: { total: 4e9, free: 3e9 }, disk: { total: 20e9, free: 15e9 } },
  },
  release: { ...release, origin: "commit 89abcdef" },
  deployed: 1_700_000_060,
  instances: [{ name: "gunicorn-0", state: "running", seconds: 100, memory: 45e6 }],
  backup: {
    ...{ time: 1_700_000_000, seconds: 4, result: "ok", reason: null, good: 1_700_000_000 },
    snapshots: [
      { place: "disk", id: "1a2b3c4d", size: 45e6 },
      { place: "s3", id: "5e6f7a8b", size: 45e6 },
    ],
    ...{ running: false, begun: false, restoring: false, healthy: true },
  },
  services: {},
  placed: 40,
  drift: [],
};

describe("the status of a site", () => {
  it("is a table that aligns, without colours where there is no terminal", () => {
    const lines = statusLines(good, false, 1_700_000_180);
    assert.deepEqual(lines.slice(0, 2), [
      "site        http://shop.org       answers 200",
      "machine     ssh                   shop.org, Debian GNU/Linux 13 (trixie), up 1 d 1 h",
    ]);
    assert.ok(lines.includes("gunicorn-0  running 1 min         45 MB"), lines.join("\n"));
    assert.match(lines.at(-1) ?? "", /^drift +none +of 40 things/);
    assert.ok(!lines.join("").includes("\u001b"));
  });

  it("has a line for each service of the site on the machine, also for one that is silent", () => {
    const redis = { memory: { total: 128e6, free: 126e6 }, keys: 12, version: "8.0.2" };
    const postgresql = { size: 45e6, version: "17.6" };
    const rows = (services: Status["services"]): string[] =>
      statusLines({ ...good, services }, false).filter((line) => /^(database|redis) /.test(line));
    assert.deepEqual(rows({}), []);
    assert.deepEqual(rows({ postgresql, redis }), [
      "database    45 MB                 PostgreSQL 17.6",
      "redis       2 MB                  used of 128 MB, 12 keys, Redis 8.0.2",
    ]);
    assert.deepEqual(rows({ postgresql: null, redis: null }), [
      "database    does not answer       PostgreSQL",
      "redis       does not answer       Redis",
    ]);
  });

  it("says what drifted, what differs, and how to repair it", () => {
    const diff = Array.from({ length: 60 }, (_, index) => `+line ${index}`);
    const drift: Drift[] = [{ kind: "file", name: "/etc/x", state: "changed", what: ["content"], diff }];
    const text = statusLines({ ...good, drift }, false).join("\n");
    assert.match(text, /changed {2}file {2}\/etc\/x {2}content\n {6}\+line 0\n/);
    assert.match(text, /… 20 lines more\n\nRepair: pulumi up --config repair=\S+$/);
  });

  it("says when the last backup was, and what is wrong with it", () => {
    const { backup } = good;
    const row = (changed: Partial<typeof backup>): string => {
      const lines = statusLines({ ...good, backup: { ...backup, ...changed } }, false, 1_700_010_800);
      return lines.find((line) => line.startsWith("backup")) ?? "none";
    };
    const taken = "1a2b3c4d on disk, 5e6f7a8b on s3, 45 MB, took 4 s";
    assert.match(row({}), new RegExp(`^backup +ok 3 h 0 min ago +${taken}$`));
    const failed = { result: "failed", reason: "no snapshot in s3: away" } as const;
    assert.match(
      row(failed),
      / failed 3 h 0 min ago +no snapshot in s3: away; the last good one 2023-11-14 22:13 UTC$/,
    );
    assert.match(row({ ...failed, good: null }), /; there is none that is good$/);
    assert.match(row({ begun: true }), / cut off +the last backup left no result; the last good one 2023/);
    assert.match(row({ begun: true, running: true }), / at work +the last good one 2023/);
    assert.match(row({ time: null, result: null, good: null }), / none yet /);
    assert.match(row({ restoring: true }), / cut off +a restore, which npm run restore repairs/);
    assert.match(row({ restoring: true, running: true }), / at work +a restore$/);
    assert.deepEqual(
      [
        {},
        failed,
        { begun: true },
        { restoring: true },
        { restoring: true, running: true },
        { time: null, result: null },
      ].map((changed) => isBackedUp({ ...backup, ...changed })),
      [true, false, false, false, true, true],
    );
  });

  it("is up when the answer is one that is expected", () => {
    const site = {
      backup: { backup: "", snapshots: "", restore: "" },
      ...{ name: "shop", url: "", instances: 1, services: [], exec: "" },
      health: { host: "", path: "/", status: "200-399" },
    };
    assert.deepEqual(
      [200, 399, 400, 199, "connection refused"].map((answer) => isUp(site, answer)),
      [true, true, false, false, false],
    );
  });
});

describe("what people read", () => {
  it("has the two largest units of a time", () => {
    assert.deepEqual([5, 61, 3_700, 90_000].map(duration), ["5 s", "1 min", "1 h 1 min", "1 d 1 h"]);
  });

  it("has sizes and moments", () => {
    assert.deepEqual([45_200_000, 3_100_000_000].map(size), ["45 MB", "3.1 GB"]);
    assert.deepEqual([1_700_000_000, null].map(moment), ["2023-11-14 22:13 UTC", "never"]);
  });

  it("aligns all columns but the last", () => {
    assert.deepEqual(table([["a", "bbb", "c"], ["aaa", "b"], []]), ["a    bbb  c", "aaa  b", ""]);
  });
});
