import { strict as assert } from "node:assert";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hostFolder, run } from "./bash";

describe("a release's own folders", () => {
  const folder = mkdtempSync(join(tmpdir(), "prepare-test-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs Python with the functions of prepare.py, and settings in place of Django's. */
  async function prepare(settings: object, code: string): Promise<string> {
    const program = `
import json, sys, types
module = types.ModuleType("django.conf")
module.settings = types.SimpleNamespace(**json.loads(sys.argv[1]))
command = types.ModuleType("django.core.management")
command.call_command = lambda *args, **kwargs: print(*args)
sys.modules.update({"django": types.ModuleType("django"), "django.conf": module, "django.core.management": command})
text = open(sys.argv[2]).read()
exec(text[:text.rindex("main()")])
base = Path(sys.argv[3])
${code}`;
    const script = join(hostFolder, "prepare.py");
    const { status, stdout, stderr } = await run([
      "python3",
      "-c",
      program,
      JSON.stringify(settings),
      script,
      folder,
    ]);
    return status === 0 ? stdout.trim() : stderr.trim();
  }

  beforeEach(() => {
    rmSync(join(folder, "app"), { recursive: true, force: true });
    rmSync(join(folder, "shared"), { recursive: true, force: true });
    for (const name of ["app/media/deep", "shared/media", "shared/data"])
      mkdirSync(join(folder, name), { recursive: true });
  });

  it("hand what was uploaded with the app to the shared folder, which wins", async () => {
    writeFileSync(join(folder, "app/media/deep/new.png"), "from the app");
    writeFileSync(join(folder, "app/media/logo.png"), "from the app");
    writeFileSync(join(folder, "shared/media/logo.png"), "uploaded");
    const twice = 'link_media(base / "app", base / "shared")\n'.repeat(2);
    await prepare({ MEDIA_ROOT: join(folder, "app/media") }, twice);
    assert.equal(readFileSync(join(folder, "app/media/logo.png"), "utf8"), "uploaded");
    assert.equal(readFileSync(join(folder, "shared/media/deep/new.png"), "utf8"), "from the app");
    assert.equal(statSync(join(folder, "app/media")).ino, statSync(join(folder, "shared/media")).ino);
  });

  it("keep the site's database outside the release, and never one that came with the app", async () => {
    writeFileSync(join(folder, "app/db.sqlite3"), "from a developer's computer");
    writeFileSync(join(folder, "shared/data/db.sqlite3"), "the site's");
    chmodSync(join(folder, "shared/data/db.sqlite3"), 0o600);
    const DATABASES = {
      default: { ENGINE: "django.db.backends.sqlite3", NAME: join(folder, "app/db.sqlite3") },
      other: { ENGINE: "django.db.backends.postgresql", NAME: "shop" },
    };
    const said = await prepare({ DATABASES }, 'link_databases(base / "app", base / "shared")');
    assert.equal(said, `database db.sqlite3 is kept in ${join(folder, "shared/data")}`);
    assert.equal(readFileSync(join(folder, "app/db.sqlite3"), "utf8"), "the site's");
  });

  it("are found by a path that starts from the project, which is no place for uploads itself", async () => {
    const inProject = "import os; os.chdir(base / 'app')\n";
    const names = ["db.sqlite3", ":memory:", "file:memory?cache=shared", ""];
    const DATABASES = Object.fromEntries(
      names.map((NAME, index) => [String(index), { ENGINE: "django.db.backends.sqlite3", NAME }]),
    );
    await prepare({ DATABASES }, `${inProject}link_databases(base / "app", base / "shared")`);
    assert.deepEqual(readdirSync(join(folder, "app")).sort(), ["db.sqlite3", "media"]);
    const said = await prepare(
      { MEDIA_ROOT: join(folder, "app") },
      `${inProject}link_media(base / "app", base / "shared")`,
    );
    assert.match(said, /^MEDIA_ROOT is .*, where the project itself lies: set it to a place of its own/);
  });

  const persistent = (settings: object, ...names: string[]) =>
    prepare(
      { MEDIA_ROOT: "", DATABASES: {}, ...settings },
      `import os; os.chdir(base / "app")
link_persistent(${JSON.stringify(names)}, base / "shared")
link_databases(base / "app", base / "shared")
link_media(base / "app", base / "shared")`,
    );
  const sqlite = (NAME: string) => ({
    ENGINE: "django.db.backends.sqlite3",
    NAME: join(folder, "app", NAME),
  });

  it("give each database a file of its own, whatever its name", async () => {
    await prepare(
      { DATABASES: { default: sqlite("db.sqlite3"), log: sqlite("log/db.sqlite3") } },
      'link_databases(base / "app", base / "shared")',
    );
    assert.equal(readlinkSync(join(folder, "app/db.sqlite3")), join(folder, "shared/data/db.sqlite3"));
    assert.equal(
      readlinkSync(join(folder, "app/log/db.sqlite3")),
      join(folder, "shared/data/log/db.sqlite3"),
    );
  });

  it("may be an app without a database", async () => {
    const DATABASES = { default: {} };
    assert.equal(await prepare({ DATABASES }, 'link_databases(base / "app", base / "shared")'), "");
  });

  it("persist where they are named, filled with what the app brings and they lack", async () => {
    mkdirSync(join(folder, "app/var/uploads"), { recursive: true });
    writeFileSync(join(folder, "app/var/uploads/seed.txt"), "from the app");
    assert.equal(await persistent({}, "var/uploads", "cache"), "");
    const kept = join(folder, "shared/persistent/var/uploads");
    assert.equal(readFileSync(join(kept, "seed.txt"), "utf8"), "from the app");
    writeFileSync(join(kept, "seed.txt"), "changed since");
    writeFileSync(join(folder, "app/cache/new.txt"), "written by the app");
    assert.equal(readFileSync(join(folder, "shared/persistent/cache/new.txt"), "utf8"), "written by the app");

    // The next release.
    rmSync(join(folder, "app"), { recursive: true });
    mkdirSync(join(folder, "app/var/uploads"), { recursive: true });
    writeFileSync(join(folder, "app/var/uploads/seed.txt"), "from the app");
    writeFileSync(join(folder, "app/var/uploads/more.txt"), "from the app");
    assert.equal(await persistent({}, "var/uploads", "cache"), "");
    assert.deepEqual(readdirSync(kept).sort(), ["more.txt", "seed.txt"]);
    assert.equal(readFileSync(join(folder, "app/var/uploads/seed.txt"), "utf8"), "changed since");
    assert.equal(readFileSync(join(folder, "app/cache/new.txt"), "utf8"), "written by the app");
  });

  it("keep a database that lies in a folder which persists", async () => {
    mkdirSync(join(folder, "shared/persistent/var"), { recursive: true });
    writeFileSync(join(folder, "shared/persistent/var/db.sqlite3"), "the site's");
    await persistent({ DATABASES: { default: sqlite("var/db.sqlite3") } }, "var");
    const file = join(folder, "shared/persistent/var/db.sqlite3");
    assert.ok(lstatSync(file).isFile());
    assert.equal(readFileSync(file, "utf8"), "the site's");
  });

  it("have one place for uploads, also when they are named to persist", async () => {
    const MEDIA_ROOT = join(folder, "app/media");
    await persistent({ MEDIA_ROOT }, "media");
    assert.equal(readlinkSync(MEDIA_ROOT), join(folder, "shared/media"));
    assert.ok(!existsSync(join(folder, "shared/persistent/media")));
    const said = await persistent({ MEDIA_ROOT: join(folder, "app/var/media") }, "var");
    assert.match(said, /^app\.persistent: var holds MEDIA_ROOT, which persists by itself/);
  });

  it("are no files, and never where static files are collected", async () => {
    writeFileSync(join(folder, "app/notes"), "");
    assert.match(await persistent({}, "notes"), /^app\.persistent: notes is a file of the release/);
    writeFileSync(join(folder, "shared/media/logo.png"), "uploaded");
    await persistent({}, "static");
    writeFileSync(join(folder, "shared/persistent/static/logo.png"), "uploaded");
    const said = await prepare(
      { STATIC_ROOT: join(folder, "app/static/all"), INSTALLED_APPS: ["django.contrib.staticfiles"] },
      'collect_static(base / "app", base / "static")',
    );
    assert.match(said, /^STATIC_ROOT is .*, outside the project/);
  });

  it("leave the shared folders the modes that let nginx read uploads", async () => {
    chmodSync(join(folder, "shared/media"), 0o2750);
    writeFileSync(join(folder, "app/media/deep/new.png"), "from the app");
    await prepare({ MEDIA_ROOT: join(folder, "app/media") }, 'link_media(base / "app", base / "shared")');
    assert.equal(statSync(join(folder, "shared/media")).mode & 0o7777, 0o2750);
    assert.equal(statSync(join(folder, "shared/media/deep")).mode & 0o2000, 0o2000);
  });

  it("keep static files that the build made, and none that the archive brought", async () => {
    mkdirSync(join(folder, "app/collected/CACHE"), { recursive: true });
    for (const [file, seconds] of [
      ["record", 1000],
      ["app/collected/stale.css", 900],
      ["app/collected/CACHE/made.css", 1100],
    ] as const) {
      writeFileSync(join(folder, file), "");
      utimesSync(join(folder, file), seconds, seconds);
    }
    const said = await prepare(
      { STATIC_ROOT: join(folder, "app/collected"), INSTALLED_APPS: ["django.contrib.staticfiles"] },
      'collect_static(base / "app", base / "static")',
    );
    assert.equal(said, "collectstatic");
    assert.deepEqual(readdirSync(join(folder, "static"), { recursive: true }).sort(), [
      "CACHE",
      "CACHE/made.css",
    ]);
    assert.equal(readlinkSync(join(folder, "app/collected")), join(folder, "static"));
    rmSync(join(folder, "static"), { recursive: true });
  });

  it("are not touched outside the app", async () => {
    await prepare({ MEDIA_ROOT: join(folder, "elsewhere") }, 'link_media(base / "app", base / "shared")');
    assert.ok(!readdirSync(folder).includes("elsewhere"));
    const said = await prepare(
      { STATIC_ROOT: "/var/www", INSTALLED_APPS: ["django.contrib.staticfiles"] },
      'collect_static(base / "app", base / "static")',
    );
    assert.match(said, /^STATIC_ROOT is \/var\/www, outside the project/);
  });

  it("are served where the app links to them", async () => {
    const check = (url: string) =>
      prepare({ STATIC_URL: url }, 'check_url("STATIC_URL", "/static/", "staticUrl")');
    for (const url of ["/static/", "static/", "https://cdn.example.org/assets/", ""])
      assert.equal(await check(url), "");
    assert.equal(
      await check("/assets/"),
      "the app's STATIC_URL is /assets/, but nginx serves /static/: set nginx.staticUrl to /assets/",
    );
  });
});
