import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { readSource, type GitSource, type Source } from "../../components/source";
import { gitProblems, resolveCommit } from "../../components/source/git/remote";
import { runGit } from "../../components/source/git/command";
import { skip } from "../support/skip";
import { djangoProject, problemOf, Workspace } from "./workspace";

describe("a release from git", () => {
  let workspace: Workspace;
  let url: string;
  let first: string;

  beforeEach(() => {
    workspace = new Workspace();
    workspace.write("remote", { ...djangoProject, "old.txt": "1", ".gitignore": "*.txt\n" });
    first = workspace.commit("remote");
    url = `file://${workspace.at("remote")}`;
  });
  afterEach(() => {
    workspace.remove();
  });

  const read = (app: GitSource): Promise<Source> =>
    readSource({ app }, { base: workspace.base, archiveFolder: workspace.at("cache"), label: "site" });
  const next = (files: Record<string, string>) => {
    workspace.write("remote", files);
    return workspace.commit("remote", "Another");
  };
  const contents = (archive: string) =>
    execFileSync("tar", ["-tzf", archive], { encoding: "utf8" }).trim().split("\n");

  it("is the remote's HEAD when no ref is given, and follows it", async () => {
    const source = await read({ git: url });
    assert.equal(source.releaseId, first.slice(0, 12));
    assert.equal(source.origin, `git ${url} HEAD = ${first.slice(0, 12)}, 7 files, 227 B`);
    const second = next({ "new.py": "" });
    assert.equal((await read({ git: url })).releaseId, second.slice(0, 12));
  });

  it("holds what is tracked, ignored by .gitignore or not, and nothing of git", async () => {
    const { archive } = await read({ git: url });
    assert.deepEqual(contents(archive), [".gitignore", ...Object.keys(djangoProject), "old.txt"].sort());
  });

  it("finds branches, lightweight and annotated tags, and commits", async () => {
    workspace.git("remote", "tag", "light");
    workspace.git("remote", "tag", "-a", "v1.0", "-m", "Version 1");
    workspace.git("remote", "branch", "feature/x");
    const second = next({ "new.py": "" });
    for (const ref of ["light", "v1.0", "feature/x", "refs/heads/feature/x", first]) {
      assert.equal(await resolveCommit({ git: url, ref }, workspace.at("cache/git")), first, ref);
    }
    assert.equal(await resolveCommit({ git: url, ref: "main" }, workspace.at("cache/git")), second);
    assert.equal((await read({ git: url, ref: first })).releaseId, first.slice(0, 12));
  });

  it("needs no remote for a commit it knows", async () => {
    await read({ git: url, ref: first });
    renameSync(workspace.at("remote"), workspace.at("away"));
    assert.equal((await read({ git: url, ref: first })).releaseId, first.slice(0, 12));
  });

  it("keeps few commits, and leaves no checkout behind", async () => {
    const checkouts = () => readdirSync(tmpdir()).filter((name) => name.startsWith("django-server-source-"));
    const before = checkouts();
    for (const n of [1, 2, 3, 4, 5]) {
      next({ "n.py": String(n) });
      await read({ git: url });
    }
    assert.equal(readdirSync(workspace.at("cache", "git")).length, 4);
    assert.deepEqual(checkouts(), before);
  });

  it("can be read twice at once", async () => {
    const [one, two] = await Promise.all([read({ git: url }), read({ git: url })]);
    assert.deepEqual(one, two);
  });

  it("names near refs when there is none of the name", async () => {
    workspace.git("remote", "branch", "staging");
    const problem = await problemOf(() => read({ git: url, ref: "stagign" }));
    assert.equal(problem.key, "app.ref");
    assert.match(problem.fix, /^Near ones: staging and main\./);
  });

  it("finds a commit by its first digits, whether a ref names it or not", async () => {
    const second = next({ "new.py": "" });
    assert.equal(
      await resolveCommit({ git: url, ref: second.slice(0, 7) }, workspace.at("cache/git")),
      second,
    );
    assert.equal((await read({ git: url, ref: first.slice(0, 10) })).releaseId, first.slice(0, 12));
  });

  it("says when there is no such commit", async () => {
    assert.match((await problemOf(() => read({ git: url, ref: "1".repeat(10) }))).value, /has no 1111/);
    const all = await problemOf(() => read({ git: url, ref: "1".repeat(40) }));
    assert.match(all.value, /has no commit 1111/);
  });

  it("is told with its date and subject", async () => {
    const { findings } = await read({ git: url });
    const today = workspace.git("remote", "log", "-1", "--format=%cs");
    assert.equal(findings[0], `Commit ${first.slice(0, 12)} of ${today}: A commit`);
  });

  it("says in one line why a repository can't be read", async () => {
    const missing = await problemOf(() => read({ git: `file://${workspace.at("nothing")}` }));
    assert.match(missing.value, /^file:\S+ can't be read: .*does not appear to be a git repository$/);
    const closed = await problemOf(() => read({ git: "https://127.0.0.1:9/x.git" }));
    assert.match(closed.value, /can't be read: .*127\.0\.0\.1/);
    assert.ok(!closed.value.includes("\n"));
    workspace.git("remote", "init", "--quiet", "--bare", workspace.at("empty"));
    assert.match(
      (await problemOf(() => read({ git: `file://${workspace.at("empty")}` }))).value,
      /has no HEAD/,
    );
  });

  it("gives up on a silent peer, and leaves no process behind", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const silent = `https://127.0.0.1:${(server.address() as AddressInfo).port}/silent.git`;
    const answer = await runGit(["ls-remote", "--", silent], 1);
    assert.notEqual(answer.code, 0);
    assert.equal(answer.err, "no answer within 1 s");
    server.close();
    assert.ok(!execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(silent));
  });

  it("is refused for URLs and refs that are options, odd transports or no URLs, before git sees them", () => {
    const bad = [
      "--upload-pack=touch x",
      "-x",
      "ext::sh -c touch% x",
      "http://example.com/x",
      "/srv/x.git",
      "file://",
      "ssh://-oProxyCommand=x/y",
      "https://a b",
      "git@-oProxyCommand=x:y",
      "",
    ];
    for (const git of bad)
      assert.deepEqual(
        gitProblems({ git }).map(({ key }) => key),
        ["app.git"],
        git,
      );
    for (const ref of ["-x", "--all", "a b", "a..b", "a:b", "a~1", "a^{}", "", "x\ny", "@{-1}", "a/"]) {
      assert.deepEqual(
        gitProblems({ git: url, ref }).map(({ key }) => key),
        ["app.ref"],
        ref,
      );
    }
    for (const git of [
      "https://example.com/a/b.git",
      "ssh://git@example.com:22/a.git",
      "git@my-host.example:a/b.git",
      url,
    ]) {
      assert.deepEqual(gitProblems({ git, ref: "release/1.0-rc_1" }), [], git);
    }
  });

  it("is refused for a URL with credentials, without repeating them", () => {
    for (const git of [
      "https://me:s3cret@example.com/x",
      "https://s3cret@example.com/x",
      "ssh://git:s3cret@example.com/x",
    ]) {
      const [problem] = gitProblems({ git });
      assert.equal(problem?.value, "a URL with credentials");
      assert.ok(!JSON.stringify(problem).includes("s3cret"));
    }
  });

  describe("with files in Git LFS", () => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 12\n";
    const attributes = { ".gitattributes": "*.png filter=lfs diff=lfs merge=lfs -text\n" };
    const { PATH } = process.env;
    afterEach(() => (process.env["PATH"] = PATH));

    it("asks for git-lfs where it is not installed", async () => {
      next({ ...attributes, "a.png": pointer, "looks-like-one.txt": pointer });
      const programs = workspace.write("programs", {});
      symlinkSync(execFileSync("which", ["git"], { encoding: "utf8" }).trim(), `${programs}/git`);
      process.env["PATH"] = programs;
      const problem = await problemOf(() => read({ git: url }));
      assert.equal(problem.value, "a.png in Git LFS, which is not installed");
    });

    it("does not ask for it for what only looks like a pointer", async () => {
      next({ "looks-like-one.txt": pointer });
      assert.match((await read({ git: url })).origin, /8 files/);
    });

    it("holds their content", async function () {
      if (spawnSync("git", ["lfs", "version"]).status !== 0) skip(this, "git-lfs is not installed");
      workspace.git("remote", "lfs", "install", "--local");
      next({ ...attributes, "a.png": "a picture" });
      for (const again of [false, true]) {
        const { archive } = await read({ git: url });
        assert.equal(execFileSync("tar", ["-xzOf", archive, "a.png"], { encoding: "utf8" }), "a picture");
        if (!again) renameSync(workspace.at("remote/.git/lfs"), workspace.at("away"));
        rmSync(archive);
      }
    });
  });

  it("runs no hook, and refuses links out of the repository", async () => {
    symlinkSync("/etc/passwd", workspace.at("remote", "passwd"));
    next({});
    assert.match((await problemOf(() => read({ git: url }))).value, /passwd points to \/etc\/passwd/);
  });

  it("is not misled by a caller's own GIT_DIR", async () => {
    process.env["GIT_DIR"] = workspace.at("nowhere");
    try {
      assert.equal((await read({ git: url })).releaseId, first.slice(0, 12));
    } finally {
      delete process.env["GIT_DIR"];
    }
  });
});

describe("a folder in a git checkout", () => {
  let workspace: Workspace;
  beforeEach(() => (workspace = new Workspace()));
  afterEach(() => {
    workspace.remove();
  });

  const read = (folder: string) => {
    const options = { base: workspace.base, archiveFolder: workspace.at("cache"), label: "site" };
    return readSource({ app: { path: folder } }, options);
  };
  const findings = async (folder: string) =>
    (await read(folder)).findings.filter((text) => text.includes("in git"));

  it("tells its commit, and warns of what is uncommitted or untracked and sent", async () => {
    workspace.write("repository/app", { ...djangoProject, "gone.py": "" });
    assert.deepEqual(await findings("repository/app"), []);
    const commit = workspace.commit("repository", "Say\u001b[31m hello").slice(0, 12);
    const clean = await read("repository/app");
    assert.equal(clean.findings[0], `The folder is in git at ${commit} (Say [31m hello), unchanged.`);
    assert.deepEqual(clean.warnings, []);
    appendFileSync(workspace.at("repository/app/manage.py"), "# changed\n");
    rmSync(workspace.at("repository/app/gone.py"));
    workspace.write("repository/app", {
      "new.py": "",
      "more/new.py": "",
      ".env": "",
      "__pycache__/a.pyc": "",
    });
    workspace.write("repository", { "outside.py": "" });
    const dirty = await read("repository/app");
    assert.equal(dirty.findings[0], `The folder is in git at ${commit} (Say [31m hello).`);
    assert.deepEqual(dirty.warnings, [
      "2 uncommitted changes, sent as they are: gone.py and manage.py.",
      "2 files that git does not track, sent too: more/new.py and new.py.",
    ]);
  });

  it("tells how many commits were not pushed, where there is something to push to", async () => {
    workspace.write("app", djangoProject);
    workspace.commit("app");
    workspace.git("app", "clone", "--quiet", "--bare", ".", workspace.at("remote.git"));
    workspace.git("app", "remote", "add", "origin", workspace.at("remote.git"));
    workspace.git("app", "fetch", "--quiet", "origin");
    assert.deepEqual((await read("app")).warnings, []);
    workspace.write("app", { "new.py": "" });
    workspace.commit("app", "Not pushed");
    assert.deepEqual((await read("app")).warnings, ["Not pushed: 1 commit of main."]);
    workspace.git("app", "checkout", "--quiet", "--detach");
    assert.deepEqual((await read("app")).warnings, ["Not pushed: 1 commit."]);
  });

  it("tells which tracked files .gitignore leaves out", async () => {
    workspace.write("app", { ...djangoProject, ".gitignore": "*.dat\n", "a.dat": "" });
    workspace.commit("app");
    assert.equal((await findings("app")).at(-1), "Left out: a.dat (in git, but ignored).");
  });

  it("says nothing of a checkout that does not hold it", async () => {
    workspace.write("outer", { "a.py": "" });
    workspace.commit("outer");
    workspace.write("outer/app", djangoProject);
    assert.deepEqual(await findings("outer/app"), []);
    rmSync(workspace.at("outer/.git"), { recursive: true });
    assert.ok(!existsSync(workspace.at("outer/.git")));
  });
});
