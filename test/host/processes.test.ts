import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runWith } from "./bash";

/** supervisor's answer about a program. */
const info = (name: string, state: string): string =>
  `<value><struct><member><name>name</name><value><string>${name}</string></value></member>` +
  `<member><name>statename</name><value><string>${state}</string></value></member>` +
  `<member><name>description</name><value><string>pid 1</string></value></member></struct></value>`;

const names = (list: readonly string[]): string =>
  `<value><array><data>${list.map((name) => `<value><string>${name}</string></value>`).join("")}</data></array></value>`;

describe("the processes of a site", () => {
  const folder = mkdtempSync(join(tmpdir(), "host-test-"));
  const calls = join(folder, "calls");
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /**
   * What start_processes asks of supervisor: it is to run `wanted`, has programs in these states, of which some have
   * another configuration by now; and what starts ends in one state.
   */
  async function start(
    wanted: string[],
    states: Record<string, string>,
    changed: string[] = [],
    started = "RUNNING",
  ) {
    writeFileSync(calls, "");
    writeFileSync(join(folder, "wanted"), wanted.map((name) => `${name}\n`).join(""));
    const all = Object.entries(states).map(([name, state]) => info(name, state));
    writeFileSync(join(folder, "before"), all.join(""));
    const others = Object.entries(states).filter(([name]) => !name.includes("-gunicorn-"));
    const kept = others.filter(([name]) => wanted.includes(name) && !changed.includes(name));
    const now = wanted.map(
      (name) =>
        [name, kept.find(([known, state]) => known === name && state === "RUNNING")?.[1] ?? started] as const,
    );
    writeFileSync(join(folder, "after"), now.map(([name, state]) => info(name, state)).join(""));
    writeFileSync(join(folder, "changed"), `<value>${names([])}${names(changed)}${names([])}</value>`);
    const line = `
site=shop folder=$1
wanted_processes() { cat "$folder/wanted"; }
tell_log() { echo "log $1" >&2; }
rpc() {
  case $1 in
    getAllProcessInfo) if grep -qs startProcess "$folder/calls"; then cat "$folder/after"; else cat "$folder/before"; fi ;;
    reloadConfig) cat "$folder/changed" ;;
    getProcessInfo) ;;
    *) echo "$1 $2" >>"$folder/calls" ;;
  esac
}
start_processes`;
    const { status, stderr } = await runWith(["common", "supervisor", "processes"], line, [folder]);
    return { status, stderr, calls: readFileSync(calls, "utf8").trim().split("\n").filter(Boolean) };
  }

  const starts = (name: string) =>
    ["removeProcessGroup", "addProcessGroup", "startProcess"].map((call) => `${call} ${name}`);

  it("are started where there are none", async () => {
    const { status, calls: made, stderr } = await start(["shop-a-0", "shop-a-1"], {});
    assert.deepEqual([status, stderr], [0, ""]);
    assert.deepEqual(made, [...starts("shop-a-0"), ...starts("shop-a-1")]);
  });

  it("are none of a site that has none", async () => {
    assert.deepEqual(await start([], {}), { status: 0, stderr: "", calls: [] });
    assert.deepEqual(await start([], { "shop-gunicorn-0": "RUNNING" }), { status: 0, stderr: "", calls: [] });
  });

  it("are left alone where they run as they should, and so is gunicorn, and another site's", async () => {
    const states = {
      "shop-gunicorn-0": "RUNNING",
      "shop-a-0": "RUNNING",
      "shop-eu-a-0": "RUNNING",
      "shopper-a-0": "FATAL",
    };
    assert.deepEqual(await start(["shop-a-0"], states), { status: 0, stderr: "", calls: [] });
  });

  it("are replaced where their configuration is another, or they have ended", async () => {
    const states = { "shop-a-0": "RUNNING", "shop-b-0": "RUNNING", "shop-c-0": "FATAL" };
    const { status, calls: made } = await start(["shop-a-0", "shop-b-0", "shop-c-0"], states, ["shop-b-0"]);
    assert.equal(status, 0);
    assert.deepEqual(made, [
      ...["stopProcess shop-b-0", "stopProcess shop-c-0"],
      ...[...starts("shop-b-0"), ...starts("shop-c-0")],
    ]);
  });

  it("are removed where the settings have them no more", async () => {
    const { status, calls: made } = await start([], { "shop-a-0": "RUNNING" });
    assert.deepEqual([status, made], [0, ["stopProcess shop-a-0", "removeProcessGroup shop-a-0"]]);
  });

  for (const state of ["BACKOFF", "FATAL", "EXITED", "STOPPED"]) {
    it(`fail with their log when one is ${state} after its start`, async () => {
      const { status, stderr } = await start(["shop-a-0"], {}, [], state);
      assert.equal(status, 1);
      assert.equal(
        stderr,
        `shop-a-0 does not stay up; supervisor: ${state} pid 1\nlog /var/log/shop/a-0.log\n`,
      );
    });
  }
});
