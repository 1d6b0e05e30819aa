import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from "node:fs";
import { checkSize, writeArchive } from "../../components/source/archive";
import { contentHash } from "../../components/source/contentHash";
import { listFolder } from "../../components/source/folder";
import { problemOf, Workspace } from "./workspace";

describe("the archive of a release", () => {
  let workspace: Workspace;
  beforeEach(() => (workspace = new Workspace()));
  afterEach(() => {
    workspace.remove();
  });

  const hashOf = async (base: string) => contentHash(await listFolder(base));

  async function pack(base: string, archives = "archives", label = "site"): Promise<string> {
    const folder = await listFolder(base);
    const hash = await contentHash(folder);
    return writeArchive(folder, hash, {
      archiveFolder: workspace.at(archives),
      label,
      id: hash.slice(0, 12),
    });
  }

  it("has the same bytes for the same files, whenever and wherever they were written", async () => {
    const files = {
      "b/c.py": "print(1)",
      "a.py": "",
      "ünï.txt": "x",
      [`${"long/".repeat(50)}name.txt`]: "far",
    };
    const one = workspace.write("one", files);
    const two = workspace.write("elsewhere/two", Object.fromEntries(Object.entries(files).reverse()));
    utimesSync(`${two}/a.py`, new Date(2001, 1, 1), new Date(2001, 1, 1));
    chmodSync(`${two}/a.py`, 0o600);
    const bytes = readFileSync(await pack(one, "1"));
    assert.deepEqual(bytes, readFileSync(await pack(two, "2")));
    // gzip's header names neither a time nor an operating system.
    assert.deepEqual([...bytes.subarray(4, 8), bytes[9]], [0, 0, 0, 0, 255]);
  });

  it("changes its id with a path, a mode, a content or a link's target, and with nothing else", async () => {
    const base = workspace.write("app", { "a.py": "1", "b.py": "2" });
    symlinkSync("a.py", `${base}/link`);
    const ids = new Set([await hashOf(base)]);
    const step = async (change: () => void) => {
      change();
      ids.add(await hashOf(base));
    };
    await step(() => {
      utimesSync(`${base}/a.py`, 1, 1);
      chmodSync(`${base}/a.py`, 0o660);
    });
    assert.equal(ids.size, 1);
    await step(() => {
      chmodSync(`${base}/a.py`, 0o755);
    });
    await step(() => execFileSync("mv", [`${base}/b.py`, `${base}/c.py`]));
    await step(() => workspace.write("app", { "a.py": "2" }));
    await step(() => execFileSync("ln", ["-sfn", "c.py", `${base}/link`]));
    assert.equal(ids.size, 5);
  });

  it("gives back names, modes, links and content with any tar, owned by root and without times", async () => {
    const deep = `${"folder/".repeat(40)}file.txt`;
    const base = workspace.write("app", { "run.sh": "#!/bin/sh\n", [deep]: "x".repeat(100_000), "ä ö": "ü" });
    chmodSync(`${base}/run.sh`, 0o744);
    symlinkSync(deep, `${base}/link`);
    const archive = await pack(base);
    const out = workspace.write("out", {});
    execFileSync("tar", ["-xzf", archive, "-C", out]);
    assert.equal(await hashOf(out), await hashOf(base));
    const listing = execFileSync("tar", ["--numeric-owner", "--utc", "-tvzf", archive], { encoding: "utf8" });
    assert.match(listing, /^-rwxr-xr-x 0\/0 +10 1970-01-01 00:00 run\.sh$/m);
    assert.equal(listing.trim().split("\n").length, 4);
  });

  it("is for its owner only, and leaves nothing half made", async () => {
    const archive = await pack(workspace.write("app", { "a.py": "1" }));
    assert.equal(statSync(archive).mode & 0o777, 0o600);
    assert.equal(statSync(workspace.at("archives")).mode & 0o777, 0o700);
    assert.equal(readdirSync(workspace.at("archives")).length, 1);
  });

  it("is not written again for an unchanged folder", async () => {
    const base = workspace.write("app", { "a.py": "1" });
    const archive = await pack(base);
    const before = statSync(archive).ino;
    appendFileSync(archive, "marked");
    assert.equal(await pack(base), archive);
    assert.equal(statSync(archive).ino, before);
    assert.match(readFileSync(archive, "latin1"), /marked$/);
  });

  it("keeps the present one and three before it, and those of other labels", async () => {
    const other = await pack(workspace.write("other", { "a.py": "other" }), "archives", "site-two");
    const made: string[] = [];
    for (const n of [1, 2, 3, 4, 5, 6]) {
      const archive = await pack(workspace.write("app", { "a.py": String(n) }));
      utimesSync(archive, n, n);
      made.push(archive);
    }
    assert.equal(await pack(workspace.write("app", { "a.py": "5" })), made[4]);
    const left = readdirSync(workspace.at("archives")).map((name) => workspace.at("archives", name));
    assert.deepEqual(left.sort(), [...made.slice(2), other].sort());
  });

  it("refuses files that change while they are read, and leaves nothing", async () => {
    const base = workspace.write("app", { "a.py": "1", "b.py": "1" });
    const folder = await listFolder(base);
    const hash = await contentHash(folder);
    workspace.write("app", { "b.py": "2" });
    const write = () =>
      writeArchive(folder, hash, { archiveFolder: workspace.at("out"), label: "x", id: "0" });
    assert.match((await problemOf(write)).value, /changed while/);
    workspace.write("app", { "b.py": "longer" });
    assert.match((await problemOf(write)).value, /changed while/);
    assert.deepEqual(readdirSync(workspace.at("out")), []);
  });

  it("is named as large over 100 MB and refused over 1 GiB, with the files that make it so", async () => {
    const base = workspace.write("app", { "a.py": "", "media/film.mp4": "" });
    truncateSync(`${base}/media/film.mp4`, 200_000_000);
    const [finding = ""] = checkSize((await listFolder(base)).entries);
    assert.match(finding, /large: 200\.0 MB.*media\/film\.mp4 \(200\.0 MB\)/);
    truncateSync(`${base}/media/film.mp4`, 1_100_000_000);
    const { entries } = await listFolder(base);
    const problem = await problemOf(() => Promise.resolve().then(() => checkSize(entries)));
    assert.match(`${problem.value} ${problem.fix}`, /1\.10 GB.*film\.mp4.*\.gitignore/);
  });
});
