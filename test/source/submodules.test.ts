import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readSource, type Source } from "../../components/source";
import { djangoProject, problemOf, Workspace } from "./workspace";

describe("the submodules of a repository", () => {
  let workspace: Workspace;

  beforeEach(() => {
    workspace = new Workspace();
    workspace.write("app", djangoProject);
    workspace.commit("app");
    workspace.write("library", { "a.py": "1" });
    workspace.commit("library");
  });
  afterEach(() => {
    workspace.remove();
  });

  const url = (repository: string) => `file://${workspace.at(repository)}`;
  const read = (): Promise<Source> =>
    readSource(
      { app: { git: url("app") } },
      { base: workspace.base, archiveFolder: workspace.at("cache"), label: "site" },
    );
  const add = (into: string, from: string, folder: string) => {
    workspace.git(into, "submodule", "--quiet", "add", from, folder);
    workspace.git(into, "commit", "--quiet", "--message", `With ${folder}`);
  };
  const text = (archive: string, file: string) =>
    execFileSync("tar", ["-xzOf", archive, file], { encoding: "utf8" });

  it("come with it, at the commits that are pinned, and theirs with them", async () => {
    workspace.write("inner", { "b.py": "2" });
    workspace.commit("inner");
    add("library", url("inner"), "deep er");
    add("app", url("library"), "lib");
    workspace.write("library", { "a.py": "later" });
    workspace.commit("library", "Later");
    const { archive, findings } = await read();
    assert.equal(text(archive, "lib/a.py"), "1");
    assert.equal(text(archive, "lib/deep er/b.py"), "2");
    assert.ok(findings.includes("With 1 submodule, at the commits that are pinned."));
  });

  it("are found by a URL relative to the repository's", async () => {
    add("app", url("library"), "lib");
    workspace.git("app", "config", "--file", ".gitmodules", "submodule.lib.url", "../library");
    workspace.git("app", "commit", "--quiet", "--all", "--message", "Relative");
    assert.equal(text((await read()).archive, "lib/a.py"), "1");
  });

  it("are left out, and named, where no URL is known", async () => {
    add("app", url("library"), "lib");
    workspace.git("app", "rm", "--quiet", "--cached", ".gitmodules");
    workspace.git("app", "commit", "--quiet", "--message", "No URLs");
    const { findings } = await read();
    assert.ok(findings.includes("Left out: the submodule lib, as .gitmodules has no URL for it."));
  });

  it("are refused at odd URLs, and at commits that were not pushed", async () => {
    add("app", url("library"), "lib");
    for (const odd of ["ext::sh -c touch% x", "/etc", "--upload-pack=x"]) {
      workspace.git("app", "config", "--file", ".gitmodules", "submodule.lib.url", odd);
      workspace.git("app", "commit", "--quiet", "--all", "--message", "Odd");
      assert.match((await problemOf(read)).value, /^the submodule lib is at /);
    }
    const secret = "https://me:s3cret@example.com/library";
    workspace.git("app", "config", "--file", ".gitmodules", "submodule.lib.url", secret);
    workspace.git("app", "commit", "--quiet", "--all", "--message", "Credentials");
    assert.equal((await problemOf(read)).value, "the submodule lib is at a URL with credentials");
    workspace.git("app", "config", "--file", ".gitmodules", "submodule.lib.url", url("library"));
    workspace.git("app", "add", ".gitmodules");
    workspace.git("app", "update-index", "--cacheinfo", `160000,${"1".repeat(40)},lib`);
    workspace.git("app", "commit", "--quiet", "--message", "Not pushed");
    assert.match((await problemOf(read)).value, /library has no commit 1111/);
  });

  it("are written to no folder that a link in the repository leads to", async () => {
    const victim = workspace.write("victim", {});
    const pinned = workspace.git("library", "rev-parse", "HEAD");
    const object = (input: string, ...args: string[]) =>
      execFileSync("git", ["-C", workspace.at("app"), ...args], { input, encoding: "utf8" }).trim();
    const link = object(victim, "hash-object", "-w", "--stdin");
    const modules = `[submodule "lib"]\n\tpath = a/lib\n\turl = ${url("library")}\n`;
    const blob = object(modules, "hash-object", "-w", "--stdin");
    const inner = object(`160000 commit ${pinned}\tlib\n`, "mktree", "--missing");
    const entries = `100644 blob ${blob}\t.gitmodules\n120000 blob ${link}\ta\n040000 tree ${inner}\ta\n`;
    const tree = object(entries, "mktree", "--missing");
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    const commit = object("", ...identity, "commit-tree", tree, "-m", "Both a link and a folder");
    object("", "update-ref", "refs/heads/main", commit);
    await assert.rejects(read());
    assert.deepEqual(readdirSync(victim), []);
  });
});
