import { strict as assert } from "node:assert";

import type { Drift } from "../../../tools/verbs/drift";
import { isUp, type Status, statusLines } from "../../../tools/verbs/statusLines";
import { isBackedUp } from "../../../tools/verbs/statusRows";
import { duration, moment, size, table } from "../../../tools/verbs/text";

const release = { id: "0123456789ab-4d5e", built: 1_700_000_000, lastActive: 1_700_000_060, active: true };
const good: Status = {
  site: { name: "shop", url: "http://shop.org", up: true, answer: 200 },
  certificate: null,
  machine: {
    ...{ kind: "ssh", address: "shop.org", system: "Debian GNU/Linux 13 (trixie)", seconds: 90_000 },
    ...{ load: 0.5, cores: 2, memory: { total: 4e9, free: 3e9 }, disk: { total: 20e9, free: 15e9 } },
  },
  release: { ...release, origin: "commit 89abcdef" },
  deployed: 1_700_000_060,
  instances: [{ name: "gunicorn-0", state: "running", seconds: 100, memory: 45e6 }],
  processes: [{ name: "worker-0", state: "running", seconds: 90, memory: 60e6 }],
  timers: [],
  databases: [],
  redis: null,
  backup: {
    ...{ time: 1_700_000_000, seconds: 4, result: "ok", reason: null, good: 1_700_000_000 },
    snapshots: [
      { place: "disk", id: "1a2b3c4d", size: 45e6 },
      { place: "s3", id: "5e6f7a8b", size: 45e6 },
    ],
    ...{ running: false, begun: false, restoring: false, healthy: true },
  },
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

  it("tells of each timer how it went, and when it goes on", () => {
    const timer = { name: "nightly", running: false, seconds: 3, nextRun: 1_700_003_600 };
    const last = (
      of: Pick<Status["timers"][number], "lastRun" | "result" | "status">,
      running = false,
    ): string => {
      const lines = statusLines({ ...good, timers: [{ ...timer, ...of, running }] }, false, 1_700_000_180);
      return (
        lines
          .find((line) => line.startsWith("nightly "))
          ?.split(/ {2,}/)
          .slice(1)
          .join("; ") ?? ""
      );
    };
    const next = "; next 2023-11-14 23:13 UTC";
    const at = { lastRun: 1_700_000_000 };
    assert.equal(last({ ...at, result: "success", status: 0 }), `succeeded, 3 min ago${next}`);
    assert.equal(last({ ...at, result: "exit-code", status: 7 }), `failed with 7, 3 min ago${next}`);
    assert.equal(last({ ...at, result: "timeout", status: 15 }), `timeout, 3 min ago${next}`);
    assert.equal(last({ ...at, result: null, status: null }), `ran, 3 min ago${next}`);
    assert.equal(last({ lastRun: null, result: null, status: null }), `has not run yet${next}`);
    assert.equal(last({ ...at, result: null, status: null }, true), "runs, began 3 min ago");
  });

  it("has a line for each database of the app and for its Redis, also for one that is silent", () => {
    const rows = (has: Partial<Pick<Status, "databases" | "redis">>): string[] =>
      statusLines({ ...good, ...has }, false).filter((line) => /^(database|redis)/.test(line));
    const database = { alias: "default", vendor: "postgresql", place: "", size: 45e6, version: "17.6" };
    const redis = { host: "127.0.0.1", memory: { total: 128e6, used: 2e6 }, keys: 12, version: "8.0.2" };
    assert.deepEqual(rows({}), []);
    assert.deepEqual(rows({ databases: [database], redis }), [
      "database    45 MB                 PostgreSQL 17.6",
      "redis       2 MB                  used of 128 MB, 12 keys, Redis 8.0.2",
    ]);
    const away = { host: "cache.org", memory: { total: 0, used: 2e6 }, keys: 12, version: "8.0.2" };
    const file = { alias: "logs", vendor: "sqlite", place: "/srv/x/logs.db", size: 4096, version: "3.46.1" };
    assert.deepEqual(rows({ databases: [{ ...database, place: "db.org" }, file], redis: away }), [
      "database       45 MB                 PostgreSQL 17.6 at db.org",
      "database logs  4 kB                  SQLite 3.46.1, /srv/x/logs.db",
      "redis          2 MB                  12 keys, Redis 8.0.2 at cache.org",
    ]);
    const silent = { ...database, place: "db.org", size: null, version: "", reason: "connection refused" };
    const mysql = { alias: "old", vendor: "mysql", place: "db.org", size: null, version: "" };
    assert.deepEqual(rows({ databases: [silent, mysql], redis: { host: "127.0.0.1", memory: null } }), [
      "database      does not answer       PostgreSQL at db.org: connection refused",
      "database old  not asked             mysql at db.org",
      "redis         does not answer       Redis",
    ]);
    assert.match(rows({ databases: null }).join("\n"), /^database +unknown +the app does not load/);
  });

  it("tells of the certificate where there is HTTPS", () => {
    const now = 1_700_000_000;
    const certificate = { issuer: "Let's Encrypt R11", names: ["shop.org", "www.shop.org"] };
    const line = (days: number | undefined): string => {
      const shown = days === undefined ? null : { ...certificate, notAfter: now + (days + 0.5) * 86_400 };
      const status = { ...good, site: { ...good.site, url: "https://shop.org" }, certificate: shown };
      return statusLines(status, false, now)[1]?.replaceAll(/ +/g, " ") ?? "";
    };
    assert.equal(line(73), "certificate 73 days left Let's Encrypt R11, for shop.org, www.shop.org");
    assert.match(line(-2), /^certificate -2 days left /);
    assert.equal(line(undefined), "certificate none HTTPS is not served");
    assert.doesNotMatch(statusLines(good, false).join("\n"), /certificate/);
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
      ...{ name: "shop", url: "", instances: 1, processes: {}, timers: [], exec: "" },
      backup: { backup: "", snapshots: "", restore: "" },
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
