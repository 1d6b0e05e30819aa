import { strict as assert } from "node:assert";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { utils } from "ssh2";
import { readSource, type GitAccess, type Source } from "../../components/source";
import { startHttpsServer, startSshGitServer } from "./gitServers";
import { djangoProject, problemOf, Workspace } from "./workspace";

describe("a private repository", () => {
  let workspace: Workspace;
  let commit: string;
  const environment = { ...process.env };

  beforeEach(() => {
    workspace = new Workspace();
    workspace.write("remotes/app", djangoProject);
    commit = workspace.commit("remotes/app");
    writeFileSync(workspace.at("gitconfig"), "");
    process.env["GIT_CONFIG_GLOBAL"] = workspace.at("gitconfig");
  });
  afterEach(() => {
    process.env = { ...environment };
    const left = readdirSync(workspace.base, { recursive: true, encoding: "utf8" });
    workspace.remove();
    assert.deepEqual(
      left.filter((name) => name.includes("partial")),
      [],
      "secrets were left behind",
    );
  });

  const read = (git: string, access: GitAccess, ref?: string): Promise<Source> =>
    readSource(
      { app: { git, access, ...(ref !== undefined && { ref }) } },
      { base: workspace.base, archiveFolder: workspace.at("cache"), label: "site" },
    );

  describe("over HTTPS", () => {
    const serve = async (credentials: string) => {
      const server = await startHttpsServer(workspace.at("remotes"), credentials);
      process.env["GIT_SSL_CAINFO"] = server.authority;
      return server;
    };

    it("is read with a token, which no process list, cache or credential helper gets", async () => {
      const server = await serve("x-access-token:s3cret-token");
      const learnt = workspace.at("learnt");
      writeFileSync(workspace.at("gitconfig"), `[credential]\n\thelper = "!cat >>'${learnt}'; true"\n`);
      try {
        const { releaseId } = await read(server.url("app/.git"), { token: "s3cret-token" });
        assert.equal(releaseId, commit.slice(0, 12));
        assert.ok(server.seen.length > 1);
        assert.ok(server.seen.every((processes) => !processes.includes("s3cret-token")));
        const found = spawnSync("grep", ["-rlF", "s3cret-token", workspace.at("cache")], {
          encoding: "utf8",
        });
        assert.equal(found.stdout, "");
      } finally {
        await server.close();
      }
      assert.ok(!readdirSync(workspace.base).includes("learnt"));
    });

    it("is read with a user's own name and token", async () => {
      const server = await serve("deploy-7:to:ken");
      try {
        const { releaseId } = await read(server.url("app/.git"), { token: "deploy-7:to:ken" });
        assert.equal(releaseId, commit.slice(0, 12));
      } finally {
        await server.close();
      }
    });

    it("is refused without a token, and with a wrong one, without a question", async () => {
      const server = await serve("x-access-token:right");
      try {
        for (const access of [{}, { token: "wrong" }]) {
          const problem = await problemOf(() => read(server.url("app/.git"), access));
          assert.equal(problem.key, "app.git");
          assert.match(problem.fix, /pulumi config set --secret gitToken/);
          assert.ok(!JSON.stringify(problem).includes("wrong"));
        }
      } finally {
        await server.close();
      }
    });

    it("shows its token to no other host, whose submodule is then refused", async () => {
      const other = new Workspace();
      other.write("library", { "a.py": "" });
      other.commit("library");
      const stranger = await startHttpsServer(other.base, "x-access-token:s3cret-token");
      const server = await serve("x-access-token:s3cret-token");
      writeFileSync(workspace.at("gitconfig"), "[http]\n\tsslVerify = false\n");
      try {
        const modules = `[submodule "lib"]\n\tpath = lib\n\turl = ${stranger.url("library/.git")}\n`;
        workspace.write("remotes/app", { ".gitmodules": modules });
        workspace.git("remotes/app", "add", ".gitmodules");
        const pinned = other.git("library", "rev-parse", "HEAD");
        workspace.git("remotes/app", "update-index", "--add", "--cacheinfo", `160000,${pinned},lib`);
        workspace.git("remotes/app", "commit", "--quiet", "--message", "A submodule");
        const problem = await problemOf(() => read(server.url("app/.git"), { token: "s3cret-token" }));
        assert.ok(problem.value.startsWith(stranger.url("library/.git")), problem.value);
        assert.equal(stranger.seen.length, 0);
        assert.ok(stranger.refused > 0);
      } finally {
        await server.close();
        await stranger.close();
        other.remove();
      }
    });
  });

  describe("over SSH", () => {
    it("is read with a deploy key and a pinned host key", async () => {
      const server = await startSshGitServer(workspace.at("remotes"));
      try {
        const { privateKey: deployKey, hostKey } = server;
        const { releaseId } = await read(server.url("app"), { deployKey, hostKey });
        assert.equal(releaseId, commit.slice(0, 12));
        assert.ok(server.seen.every((processes) => !processes.includes("PRIVATE KEY")));
        // A known commit needs no server.
        const again = await read(server.url("app"), {}, commit);
        assert.equal(again.releaseId, releaseId);
      } finally {
        await server.close();
      }
    });

    it("is refused with another key, an unknown host key, and another one than is pinned", async () => {
      const server = await startSshGitServer(workspace.at("remotes"));
      try {
        const { privateKey: deployKey, hostKey } = server;
        const stranger = utils.generateKeyPairSync("ed25519");
        const wrong = await problemOf(() =>
          read(server.url("app"), { deployKey: stranger.private, hostKey }),
        );
        assert.match(wrong.fix, /pulumi config set --secret deployKey/);
        for (const key of [undefined, stranger.public.trim()]) {
          const access = { deployKey, ...(key !== undefined && { hostKey: key }) };
          const unknown = await problemOf(() => read(server.url("app"), access));
          assert.match(unknown.fix, /Set app\.gitHostKey/, unknown.value);
        }
        assert.equal(server.seen.length, 0);
      } finally {
        await server.close();
      }
    });
  });

  it("leaves no key behind when the program is ended meanwhile", async () => {
    const cache = workspace.at("cache");
    const source = { git: "ssh://git@example.com/a.git", access: { deployKey: "-hush-" } };
    const code = `require("./components/source/git/access").withAccess(
      ${JSON.stringify(source)}, ${JSON.stringify(cache)}, () => { console.log("in"); return new Promise(() => setInterval(() => {}, 1000)); })`;
    const child = spawn(process.execPath, ["--import", "tsx", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const [place = ""] = readdirSync(cache);
    assert.equal(readFileSync(path.join(cache, place, "key"), "utf8"), "-hush-\n");
    assert.equal(statSync(path.join(cache, place, "key")).mode & 0o777, 0o600);
    child.kill("SIGTERM");
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    assert.equal(signal, "SIGTERM");
    assert.deepEqual(readdirSync(cache), []);
  });

  it("is refused with a secret that its URL has no use for", async () => {
    const token = await problemOf(() => read("ssh://git@example.com/a.git", { token: "s3cret" }));
    assert.equal(token.key, "gitToken");
    assert.ok(!JSON.stringify(token).includes("s3cret"));
    const key = await problemOf(() => read("https://example.com/a.git", { deployKey: "s3cret" }));
    assert.equal(key.key, "deployKey");
  });
});
