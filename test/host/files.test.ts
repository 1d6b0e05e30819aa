import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { renderFiles } from "../../components/render/facts";
import { header } from "../../components/render/header";
import { hostText, runWith } from "./bash";

const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;

describe("files that a step places", () => {
  const folder = mkdtempSync(join(tmpdir(), "host-test-"));
  const target = join(folder, "site.conf");
  after(() => {
    rmSync(folder, { recursive: true });
  });
  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  });

  it("are staged beside their place, with their mode, the old one untouched", async () => {
    writeFileSync(target, "old");
    const text = "a\tb\\n 'quoted' żółć\nno newline at the end";
    const { status, stdout, stderr } = await runWith(["common"], 'stage "$@"', [target, "0640", owner], text);
    assert.deepEqual([status, stderr], [0, ""]);
    const staged = stdout.trim();
    assert.match(staged, /\/site\.conf\.staged\.\w{6}$/);
    assert.equal(readFileSync(staged, "utf8"), text);
    assert.equal(statSync(staged).mode & 0o7777, 0o640);
    assert.equal(readFileSync(target, "utf8"), "old");
  });

  it("are not staged by halves when the disk is full", async () => {
    const line = 'ulimit -f 8; trap "" XFSZ; staged=$(stage "$@"); echo went on';
    const { status, stdout, stderr } = await runWith(
      ["common"],
      line,
      [target, "0644", owner],
      "a".repeat(2 ** 16),
    );
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /a-step: .*site\.conf could not be written; is the disk full\?\n$/);
    assert.deepEqual(readdirSync(folder), []);
  });

  it("leave nothing behind of a run that was cut off", async () => {
    writeFileSync(`${target}.staged.abc123`, "half");
    writeFileSync(join(folder, "other.conf.staged.abc123"), "somebody else's");
    const { stdout } = await runWith(["common"], 'stage "$@"', [target, "0644", owner], "whole");
    assert.deepEqual(
      readdirSync(folder).sort(),
      [basename(stdout.trim()), "other.conf.staged.abc123"].sort(),
    );
  });

  it("are taken away from the machine that they were placed on, and from no other", async () => {
    const script = hostText("site-file-remove.sh")
      .replace(/^\. .*$/m, "lock() { :; }")
      .replaceAll(/\/opt\/django-server|\/etc\/django-server\/\$site/g, folder);
    writeFileSync(join(folder, "machine-id"), "a-machine\n");
    writeFileSync(target, "a secret");
    const remove = (machine: string) => runWith(["common"], script, ["mysite", "site.conf", machine]);
    assert.equal((await remove("another-machine")).status, 0);
    assert.equal(readFileSync(target, "utf8"), "a secret");
    for (const time of ["first", "second"]) assert.equal((await remove("a-machine")).status, 0, time);
    assert.deepEqual(readdirSync(folder), ["machine-id"]);
  });

  it("replace only what this program placed", async () => {
    const refuse = () => runWith(["common"], 'refuse_foreign "$1"', [target]);
    assert.equal((await refuse()).status, 0);
    writeFileSync(target, `${header("#")}server {}\n`);
    assert.equal((await refuse()).status, 0);
    writeFileSync(target, "server {}\n");
    const { status, stderr } = await refuse();
    assert.equal(status, 1);
    assert.equal(
      stderr,
      `a-step: ${target} exists and was not placed by django-server; move it away, or choose another site name\n`,
    );
  });

  it("unpack as they were rendered in one text", async () => {
    const files = {
      "pyproject.toml": '[project]\nname = "a"\n\n==> no title\n ==> title <==\n',
      "uv.lock": "version = 1\n\\n %s $(id) `id`\n",
      "empty.txt": "\n",
    };
    const { status, stderr } = await runWith(["files"], 'unpack_files "$1"', [folder], renderFiles(files));
    assert.deepEqual([status, stderr], [0, ""]);
    const unpacked = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]);
    assert.deepEqual(Object.fromEntries(unpacked), files);
  });

  it("tell the last lines of a command that fails, and nothing of one that succeeds", async () => {
    const command = 'printf "%0500d\\n" {1..100}; exit "$1"';
    const quietly = (code: string) =>
      runWith(["common"], 'quietly bash -c "$1" bash "$2" || fail "it failed"', [command, code]);
    assert.deepEqual(await quietly("0"), { status: 0, stdout: "", stderr: "" });
    const { status, stderr } = await quietly("3");
    assert.equal(status, 1);
    const lines = stderr.trimEnd().split("\n");
    assert.deepEqual([lines.length, lines[0]?.length, lines.at(-1)], [26, 400, "a-step: it failed"]);
  });
});
