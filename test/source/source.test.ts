import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import * as path from "node:path";
import { readSource, SourceError, type SourceArgs } from "../../components/source";
import { djangoProject, problemOf, problemsOf, Workspace } from "./workspace";

describe("the source of a site", () => {
  let workspace: Workspace;
  beforeEach(() => (workspace = new Workspace()));
  afterEach(() => {
    workspace.remove();
  });

  const read = (args: Partial<SourceArgs> = {}, label = "local-site") =>
    readSource(
      { app: { path: "app" }, ...args },
      { base: workspace.base, archiveFolder: workspace.at("cache"), label },
    );

  it("is all that can be told of a folder, and the same when it is read again", async () => {
    workspace.write("app", { ...djangoProject, ".env": "SECRET=1" });
    const source = await read();
    assert.match(source.releaseId, /^[0-9a-f]{12}$/);
    assert.equal(source.archive, workspace.at("cache", `local-site-${source.releaseId}.tar.gz`));
    const bytes = readFileSync(source.archive);
    assert.equal(source.archiveSha256, createHash("sha256").update(bytes).digest("hex"));
    assert.equal(source.origin, "folder app, 5 files, 220 B");
    assert.equal(source.projectRoot, "");
    assert.equal(source.settingsModule, "mysite.settings");
    assert.equal(source.application, "mysite.wsgi:application");
    assert.ok(!("findings" in source.dependencies));
    assert.equal(source.findings[0], "Left out: .env (secrets belong in secretEnvironment).");
    const { ino } = statSync(source.archive);
    assert.deepEqual(await read(), source);
    assert.equal(statSync(source.archive).ino, ino);
  });

  it("warns of private keys, and of nothing that only looks like one", async () => {
    const key = "-----BEGIN PRIVATE KEY-----\n";
    const files = { "sign/jwt.pem": key, "tls.KEY": key, "ca.pem": "-----BEGIN CERTIFICATE-----\n" };
    workspace.write("app", { ...djangoProject, ...files, "docs.md": key });
    assert.deepEqual((await read()).warnings, [
      "A private key is sent with the release: sign/jwt.pem and tls.KEY. Secrets belong in secretEnvironment.",
    ]);
  });

  it("is the same for an absolute path, and with the archives inside the folder", async () => {
    workspace.write("app", djangoProject);
    const { releaseId } = await read();
    const inside = { base: "/", archiveFolder: workspace.at("app", "build"), label: "x" };
    const again = () => readSource({ app: { path: workspace.at("app") } }, inside);
    assert.equal((await again()).releaseId, releaseId);
    assert.equal((await again()).releaseId, releaseId);
    assert.equal(readdirSync(workspace.at("app", "build")).length, 1);
  });

  it("names its archive relative to the working directory when below it", async () => {
    workspace.write("app", djangoProject);
    const before = process.cwd();
    process.chdir(workspace.base);
    try {
      assert.match((await read()).archive, /^cache\/local-site-\w{12}\.tar\.gz$/);
    } finally {
      process.chdir(before);
    }
  });

  it("is found below a root, however that is written", async () => {
    workspace.write("app/src", djangoProject);
    for (const root of ["src", "src/", "./src"]) assert.equal((await read({ root })).projectRoot, "src");
    for (const root of ["../app", "/src", "src/../.."]) {
      assert.equal((await problemOf(() => read({ root }))).key, "app.root", root);
    }
  });

  it("is refused for a folder that is missing or a file", async () => {
    workspace.write("file", { a: "" });
    const missing = await problemOf(() => read({ app: { path: "nowhere" } }));
    assert.equal(missing.key, "app.path");
    assert.match(missing.value, /nowhere does not exist/);
    assert.match((await problemOf(() => read({ app: { path: "file/a" } }))).value, /is no folder/);
  });

  it("is refused with every mistake at once, and nothing is written", async () => {
    workspace.write("app", { ...djangoProject, Pipfile: "[packages]\n", "mysite/wsgi.py": "" });
    const problems = await problemsOf(() => read({ settingsModule: "none.settings", wsgiModule: "a-b" }));
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["app.settingsModule", "app.wsgiModule", "app.dependencies"],
    );
    assert.ok(!existsSync(workspace.at("cache")));
  });

  it("is an Error whose message alone tells what to do", async () => {
    workspace.write("app", { "a.py": "", "requirements.txt": "django==5\n" });
    await assert.rejects(read(), (error) => {
      assert.ok(error instanceof SourceError);
      assert.match(error.message, /^app\.root: no manage\.py at the top; expected .*\. Name the folder/);
      return true;
    });
  });

  it("refuses a label that is no safe file name", async () => {
    workspace.write("app", djangoProject);
    for (const label of ["../x", "a/b", "", "-x"]) await assert.rejects(read({}, label), /no safe file name/);
  });

  it("reads the example that the local stack uses", async () => {
    const base = path.join(__dirname, "../..");
    const options = { base, archiveFolder: workspace.at("cache"), label: "example" };
    const { application, dependencies } = await readSource({ app: { path: "examples/wepynaire" } }, options);
    assert.equal(application, "wepynaire.wsgi:application");
    assert.equal(dependencies.kind, "pipfile");
  });
});
