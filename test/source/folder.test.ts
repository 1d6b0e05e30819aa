import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { listFolder } from "../../components/source/folder";
import { problemsOf, Workspace, type Files } from "./workspace";

describe("the files of a release", () => {
  let workspace: Workspace;
  beforeEach(() => (workspace = new Workspace()));
  afterEach(() => {
    workspace.remove();
  });

  const empty = (...names: string[]): Files => Object.fromEntries(names.map((name) => [name, ""]));
  const listed = async (files: Files) => (await workspace.list(files)).entries.map((entry) => entry.path);

  it("are sorted, with their size and git's idea of their mode", async () => {
    const base = workspace.write("app", { "b.py": "12345", "a/run": "#!", "a.py": "" });
    chmodSync(`${base}/a/run`, 0o700);
    chmodSync(`${base}/b.py`, 0o664);
    assert.deepEqual((await listFolder(base)).entries, [
      { path: "a.py", mode: 0o644, size: 0 },
      { path: "a/run", mode: 0o755, size: 2 },
      { path: "b.py", mode: 0o644, size: 5 },
    ]);
  });

  it("are without caches, virtual environments, databases and secrets", async () => {
    const kept = [
      "a.py",
      "environment.env.py",
      "deep/sqlite3.py",
      "venv/code.py",
      ".env.example",
      "id_rsa.pub",
    ];
    const names = await listed({
      ...empty(...kept, ".env", ".env.production", "deep/.env", "db.sqlite3", "deep/x.sqlite3-wal"),
      ...empty("__pycache__/a.cpython-311.pyc", "b.pyc", "node_modules/x.js", ".idea/a", "deep/.DS_Store"),
      ...empty(".ssh/config", "deep/id_ed25519", ".netrc", ".aws/credentials", ".git-credentials"),
      ...empty(".local/state", "any-name/pyvenv.cfg", "any-name/lib/x.py"),
    });
    assert.deepEqual(names, [...kept].sort());
  });

  it("say which secrets, databases and environments were left out, and where secrets belong", async () => {
    const { findings } = await workspace.list(
      empty("a.py", ".env", "deep/.env.local", "db.sqlite3", "v/pyvenv.cfg"),
    );
    assert.deepEqual(findings.sort(), [
      "Left out: .env and deep/.env.local (secrets belong in secretEnvironment).",
      "Left out: db.sqlite3 (a development database).",
      "Left out: v (a virtual environment; the machine makes its own).",
    ]);
  });

  it("leave out the folder that archives are written to", async () => {
    const base = workspace.write("app", empty("a.py", "out/old.tar.gz"));
    const { entries } = await listFolder(base, { except: [`${base}/out`] });
    assert.deepEqual(
      entries.map((entry) => entry.path),
      ["a.py"],
    );
  });

  it("agree with git on .gitignore: nested, negated, anchored, escaped", async () => {
    const base = workspace.write("app", {
      ".gitignore":
        "*.log\n!keep.log\n/top.txt\nbuild/\ndocs/*\n!docs/index.md\n\\#hash\n**/deep/x\nspace\\ \n# no\n\n",
      "a/.gitignore": "!build/\n*.txt\n!/b/c.txt\n/only-here\nb/*.md\nsub/\n\\!bang\n",
      "a/[x]/.gitignore": "*.css\n",
      "a b/.gitignore": "n.py\n",
      ...empty(
        "1.log",
        "keep.log",
        "top.txt",
        "x/top.txt",
        "build/1",
        "a/build/1",
        "a/build/2.log",
        "docs/a",
        "docs/index.md",
      ),
      ...empty(
        "docs/sub/index.md",
        "#hash",
        "q/deep/x",
        "q/deep/y",
        "space ",
        "a/t.txt",
        "a/b/c.txt",
        "a/b/d.txt",
      ),
      ...empty(
        "a/only-here",
        "a/b/only-here",
        "a/b/r.md",
        "a/q/b/r.md",
        "a/sub/1",
        "a/q/sub/1",
        "sub/1",
        "a/!bang",
        "!bang",
      ),
      ...empty("a/[x]/1.css", "a/x/1.css", "a b/n.py", "a b/m/n.py", "n.py", "A/T.txt", "UP.LOG"),
    });
    execFileSync("git", ["-C", base, "init", "--quiet"]);
    const asGit = execFileSync("git", ["-C", base, "ls-files", "-z", "--others", "--exclude-standard"], {
      encoding: "utf8",
    });
    const names = (await listFolder(base)).entries.map((entry) => entry.path);
    assert.deepEqual(names, asGit.split("\0").filter(Boolean).sort());
    assert.ok(names.includes("a/build/1") && !names.includes("build/1"));
  });

  it("honour the .gitignore files above them in the checkout, unless these ignore the folder itself", async () => {
    const base = workspace.write("repository", {
      ".gitignore": "*.log\n/sites/*/media/\nignored/\n",
      "sites/.gitignore": "/one/b\n",
      ...empty(
        "sites/one/a",
        "sites/one/b",
        "sites/one/1.log",
        "sites/one/media/1",
        "ignored/app/1.log",
        "ignored/app/a",
      ),
    });
    execFileSync("git", ["-C", base, "init", "--quiet"]);
    const names = async (folder: string) =>
      (await listFolder(`${base}/${folder}`)).entries.map((entry) => entry.path);
    assert.deepEqual(await names("sites/one"), ["a"]);
    assert.deepEqual(await names("ignored/app"), ["1.log", "a"]);
  });

  it("keep symbolic links that stay inside", async () => {
    const base = workspace.write("app", empty("a/b.py"));
    symlinkSync("a/b.py", `${base}/file`);
    symlinkSync("../a", `${base}/a/self`);
    symlinkSync("nothing", `${base}/dangling`);
    const links = (await listFolder(base)).entries.filter((entry) => entry.target !== undefined);
    assert.deepEqual(
      links.map(({ path, target }) => `${path} ${target ?? ""}`),
      ["a/self ../a", "dangling nothing", "file a/b.py"],
    );
  });

  it("refuse every symbolic link that leads outside, by whatever way", async () => {
    const base = workspace.write("app", empty("a/b.py"));
    workspace.write("outside", empty("secret"));
    symlinkSync("../outside/secret", `${base}/relative`);
    symlinkSync(`${base}/a/b.py`, `${base}/absolute`);
    symlinkSync("../..", `${base}/a/parent`);
    symlinkSync("../app/a", `${base}/through`);
    // By its text this one stays inside; the link on its way leads it out.
    workspace.write("app/deep/folder", empty("c.py"));
    symlinkSync("../..", `${base}/deep/folder/top`);
    symlinkSync("deep/folder/top/../outside", `${base}/winding`);
    const problems = await problemsOf(() => listFolder(base));
    const links = problems.map(({ value }) => value.split(" ")[2]).sort();
    assert.deepEqual(links, ["a/parent", "absolute", "relative", "through", "winding"]);
  });

  it("leave out a link to a virtual environment elsewhere", async () => {
    const base = workspace.write("app", empty("a.py"));
    workspace.write("environments", empty("site/pyvenv.cfg"));
    symlinkSync("../environments/site", `${base}/.venv`);
    assert.deepEqual(
      (await listFolder(base)).entries.map((entry) => entry.path),
      ["a.py"],
    );
  });

  it("refuse names that no machine could be told", async () => {
    const base = workspace.write("app", empty("a.py", "new\nline"));
    mkdirSync(Buffer.concat([Buffer.from(`${base}/`), Buffer.from([0xff, 0xfe])]));
    assert.equal((await problemsOf(() => listFolder(base))).length, 2);
  });

  it("leave out what is neither file nor folder, and say so", async () => {
    const base = workspace.write("app", empty("a.py"));
    execFileSync("mkfifo", [`${base}/pipe`]);
    const { entries, findings } = await listFolder(base);
    assert.equal(entries.length, 1);
    assert.deepEqual(findings, ["Left out: pipe (neither a file nor a folder)."]);
  });
});
