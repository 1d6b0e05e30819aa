import { strict as assert } from "node:assert";

import type { Drift } from "../../../tools/verbs/drift";
import { type Status, isUp, statusLines } from "../../../tools/verbs/statusLines";
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
  processes: [{ name: "worker-0", state: "running", seconds: 90, memory: 60e6 }],
  timers: [],
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

  it("says what drifted, what differs, and how to repair it", () => {
    const diff = Array.from({ length: 60 }, (_, index) => `+line ${index}`);
    const drift: Drift[] = [{ kind: "file", name: "/etc/x", state: "changed", what: ["content"], diff }];
    const text = statusLines({ ...good, drift }, false).join("\n");
    assert.match(text, /changed {2}file {2}\/etc\/x {2}content\n {6}\+line 0\n/);
    assert.match(text, /… 20 lines more\n\nRepair: pulumi up --config repair=\S+$/);
  });

  it("is up when the answer is one that is expected", () => {
    const site = {
      ...{ name: "shop", url: "", instances: 1, processes: {}, timers: [], exec: "" },
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
