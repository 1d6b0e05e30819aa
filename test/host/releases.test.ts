import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Ended, hostText, runWith } from "./bash";

describe("the releases that a machine keeps", () => {
  /** A site's folder, as the steps leave it, in place of /srv/SITE. */
  const home = mkdtempSync(join(tmpdir(), "site-test-"));
  const settings = join(home, "settings");
  const uploads = mkdtempSync(join(tmpdir(), "releases-test-"));
  after(() => {
    rmSync(home, { recursive: true });
    rmSync(uploads, { recursive: true });
  });
  beforeEach(() => {
    for (const folder of [home, uploads])
      for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    for (const name of ["releases", "venvs"]) mkdirSync(join(home, name));
  });

  interface Release {
    /** The day of November 2026 it served last; never, without. */
    active?: number;
    complete?: boolean;
    venv?: string;
  }
  function release(id: string, { active, complete = true, venv = "aaaaaaaaaaaa-3.13" }: Release): void {
    const folder = join(home, "releases", id);
    mkdirSync(join(folder, "app"), { recursive: true });
    writeFileSync(join(folder, "record"), `settings mysite.settings\norigin git main = ${id}\n`);
    if (complete) writeFileSync(join(folder, ".complete"), "");
    if (active !== undefined) {
      writeFileSync(join(folder, ".active"), "");
      const date = new Date(Date.UTC(2026, 10, active, 12, 5));
      utimesSync(join(folder, ".active"), date, date);
    }
    for (const name of [venv, venv.replace(/-.*/, ".source")])
      mkdirSync(join(home, "venvs", name), { recursive: true });
    symlinkSync(join(home, "venvs", venv), join(folder, "venv"));
  }
  const serving = (id: string) => {
    symlinkSync(`releases/${id}`, join(home, "current"));
  };
  const run = (line: string, ...args: string[]): Promise<Ended> => {
    const libraries = ["releases", "venv"].map((name) =>
      hostText(`lib/${name}.sh`)
        .replaceAll("/srv/$site", home)
        .replaceAll("/etc/django-server/$site", settings),
    );
    return runWith(["common"], [...libraries, "site=mysite", line].join("\n"), args);
  };
  const prune = async (id: string, count: number): Promise<string[]> => {
    const { status, stderr } = await run(
      'prune_releases "$@"',
      id,
      String(count),
      join(uploads, `.up-${id}.tar.gz`),
    );
    assert.deepEqual([status, stderr], [0, ""]);
    return readdirSync(join(home, "releases")).sort();
  };

  it("are the new one and those that served last, however many failed since", async () => {
    for (const day of [1, 2, 3, 4, 5, 6]) release(`r${day}`, { active: day });
    for (const id of ["bad1", "bad2", "new"]) release(id, {});
    serving("r6");
    assert.deepEqual(await prune("new", 5), ["new", "r3", "r4", "r5", "r6"]);
    assert.deepEqual(await prune("new", 2), ["new", "r6"]);
    assert.deepEqual(await prune("new", 1), ["new", "r6"], "what serves is not counted out");
  });

  it("have the one to fall back to among them", async () => {
    for (const day of [1, 2, 3]) release(`r${day}`, { active: day });
    serving("r3");
    mkdirSync(join(settings, "healthy"), { recursive: true });
    writeFileSync(join(settings, "healthy/release"), "r1\n");
    assert.deepEqual(await prune("r3", 1), ["r1", "r3"]);
  });

  it("are as many when the new one has served before", async () => {
    for (const day of [1, 2, 3, 4]) release(`r${day}`, { active: day });
    serving("r2");
    assert.deepEqual(await prune("r1", 3), ["r1", "r2", "r3", "r4"]);
    assert.deepEqual(await prune("r4", 2), ["r2", "r3", "r4"]);
  });

  it("are all of a site that serves none yet", async () => {
    release("new", {});
    assert.deepEqual(await prune("new", 5), ["new"]);
  });

  it("keep their virtual environments, and no others", async () => {
    release("r1", { active: 1, venv: "bbbbbbbbbbbb-3.13" });
    release("r2", { active: 2, venv: "cccccccccccc-3.11" });
    release("new", { venv: "cccccccccccc-3.13" });
    serving("r2");
    mkdirSync(join(home, "venvs/cccccccccccc-3.9"));
    await prune("new", 2);
    const kept = ["cccccccccccc-3.11", "cccccccccccc-3.13", "cccccccccccc.source"];
    assert.deepEqual(readdirSync(join(home, "venvs")).sort(), kept);
  });

  it("leave no archive behind, and touch nobody else's", async () => {
    const id = "0123456789ab-4d5e";
    release(id, {});
    const theirs = [".up-shop-0123456789ab-4d5e.tar.gz", ".up-notes.tar.gz", "backup.tar.gz"];
    for (const file of [...theirs, `.up-${id}.tar.gz`, ".up-ba9876543210-0000.tar.gz"])
      writeFileSync(join(uploads, file), "");
    writeFileSync(join(home, "ba9876543210-0000.tar.gz"), "");
    await prune(id, 5);
    assert.deepEqual(readdirSync(uploads).sort(), [...theirs].sort());
    assert.deepEqual(readdirSync(home).sort(), ["releases", "venvs"]);
  });

  it("are listed, the last one that served first, where another one is asked for", async () => {
    release("r1", { active: 1 });
    release("r2", { active: 2 });
    release("failed", {});
    release("half", { complete: false });
    serving("r2");
    assert.equal((await run("require_release r1")).status, 0);
    const { status, stderr } = await run("require_release half");
    assert.equal(status, 1);
    assert.equal(
      stderr,
      `r2, active, git main = r2
r1, last active 2026-11-01 12:05 UTC, git main = r1
failed, never active, git main = failed
a-step: release half is not kept on this machine; those above are: set app.release to one of them, or remove it
`,
    );
  });

  it("may be none at all", async () => {
    const { stderr } = await run("require_release r1");
    assert.equal(
      stderr,
      "a-step: release r1 is not on this machine, which keeps none of mysite; remove app.release\n",
    );
  });

  it("have a virtual environment for each version of Python, which is used only where it works", async () => {
    const version = execFileSync("/usr/bin/python3", [
      "-c",
      "import sys; print('%d.%d' % sys.version_info[:2])",
    ]);
    const path = `${home}/venvs/aaaaaaaaaaaa-${version.toString().trim()}`;
    assert.equal((await run("venv_path aaaaaaaaaaaa")).stdout.trim(), path);
    const works = async () => (await run(`venv_works ${path}`)).status === 0;
    mkdirSync(join(path, "bin"), { recursive: true });
    const python = join(path, "bin/python");
    writeFileSync(python, "#!/bin/sh\nexit 0\n", { mode: 0o755 });
    assert.equal(await works(), false, "half made");
    writeFileSync(join(path, ".complete"), "");
    assert.equal(await works(), true);
    writeFileSync(python, "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    assert.equal(await works(), false, "without gunicorn");
    rmSync(python);
    symlinkSync("/usr/bin/python3.0", python);
    assert.equal(await works(), false, "without its Python");
    assert.ok(existsSync(path));
  });
});
