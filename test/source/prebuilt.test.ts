import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, linkSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { Header } from "tar";
import { readSource, type Source } from "../../components/source";
import { archiveProblems } from "../../components/source/prebuilt/source";
import { djangoProject, problemOf, Workspace } from "./workspace";

describe("a prebuilt archive", () => {
  let workspace: Workspace;
  beforeEach(() => (workspace = new Workspace()));
  afterEach(() => {
    workspace.remove();
  });

  const sum = (file: string) =>
    createHash("sha256")
      .update(readFileSync(workspace.at(file)))
      .digest("hex");
  const read = (archive: string, sha256: string): Promise<Source> =>
    readSource(
      { app: { archive, sha256 } },
      { base: workspace.base, archiveFolder: workspace.at("cache"), label: "site" },
    );
  /** Packs what lies in a folder, as `tar` does. */
  const pack = (folder: string, ...args: string[]) => {
    execFileSync("tar", ["-C", workspace.at(folder), "-czf", workspace.at("app.tar.gz"), ...args]);
    return sum("app.tar.gz");
  };

  it("is read from a file, with its sum as the release's name, whatever .gitignore says", async () => {
    workspace.write("app", { ...djangoProject, ".gitignore": "built.js\n", "built.js": "1" });
    const sha256 = pack("app", ".");
    const source = await read("app.tar.gz", sha256);
    assert.equal(source.releaseId, sha256.slice(0, 12));
    assert.equal(source.findings[0], `The archive app.tar.gz has the sum ${sha256}.`);
    const list = execFileSync("tar", ["-tzf", source.archive], { encoding: "utf8" });
    assert.match(list, /^built\.js$/m);
  });

  it("may wrap its files in one folder, as the archives of tags do", async () => {
    workspace.write("wrapped/mysite-1.0", djangoProject);
    const source = await read("app.tar.gz", pack("wrapped", "mysite-1.0"));
    assert.equal(source.projectRoot, "");
    assert.equal(source.settingsModule, "mysite.settings");
  });

  it("is refused with another sum, which is told", async () => {
    workspace.write("app", djangoProject);
    const sha256 = pack("app", ".");
    const problem = await problemOf(() => read("app.tar.gz", "0".repeat(64)));
    assert.equal(problem.key, "app.sha256");
    assert.ok(problem.fix.endsWith(`pulumi config set --path app.sha256 ${sha256}`));
  });

  it("is refused where it is missing, no archive, or cut off", async () => {
    assert.match((await problemOf(() => read("none.tar.gz", "0".repeat(64)))).value, /is no file/);
    writeFileSync(
      workspace.at("app.tar.gz"),
      "not an archive at all, but long enough to look like one".repeat(20),
    );
    assert.equal((await problemOf(() => read("app.tar.gz", sum("app.tar.gz")))).key, "app.archive");
    workspace.write("app", djangoProject);
    pack("app", ".");
    writeFileSync(workspace.at("cut.tar.gz"), readFileSync(workspace.at("app.tar.gz")).subarray(0, 200));
    assert.equal((await problemOf(() => read("cut.tar.gz", sum("cut.tar.gz")))).key, "app.archive");
  });

  it("is refused for members that lead outside or are no files, and nothing is written there", async () => {
    workspace.write("app", { ...djangoProject, "x.txt": "outside" });
    const outside = pack("app", "--transform", "s#^./x.txt#../../escaped.txt#", "-P", ".");
    assert.match((await problemOf(() => read("app.tar.gz", outside))).value, /escaped\.txt leads outside/);
    const absolute = pack("app", "--transform", `s#^./x.txt#${workspace.at("escaped.txt")}#`, "-P", ".");
    assert.match((await problemOf(() => read("app.tar.gz", absolute))).value, /escaped\.txt leads outside/);
    linkSync(workspace.at("app/x.txt"), workspace.at("app/y.txt"));
    assert.match((await problemOf(() => read("app.tar.gz", pack("app", ".")))).value, /is a Link/);
    assert.ok(!readdirSync(workspace.base).includes("escaped.txt"));
  });

  it("is refused where it unpacks to more than a release may hold, before anything is written", async () => {
    const data = { path: "zeros", mode: 0o644, size: 2 * 1024 ** 3, type: "File" as const };
    const header = new Header(data);
    header.encode();
    writeFileSync(workspace.at("app.tar.gz"), gzipSync(header.block ?? Buffer.alloc(0)));
    const problem = await problemOf(() => read("app.tar.gz", sum("app.tar.gz")));
    assert.match(problem.value, /unpacks to more than 1\.07 GB/);
  });

  it("is read where its folders may not be written", async () => {
    workspace.write("app", djangoProject);
    const { archive } = await read("app.tar.gz", pack("app", "--mode=a=r", "."));
    const modes = execFileSync("tar", ["-tvzf", archive], { encoding: "utf8" }).trim().split("\n");
    assert.ok(
      modes.every((line) => line.startsWith("-rw-r--r--")),
      modes.join("\n"),
    );
  });

  it("is refused for links out of it, and for files behind such a link", async () => {
    workspace.write("app", djangoProject);
    symlinkSync(workspace.base, workspace.at("app/link"));
    assert.equal((await problemOf(() => read("app.tar.gz", pack("app", ".")))).key, "app.archive");
    workspace.write("behind", { "link/escaped.txt": "1" });
    execFileSync("tar", ["-C", workspace.at("app"), "-cf", workspace.at("both.tar"), "."]);
    execFileSync("tar", [
      "-C",
      workspace.at("behind"),
      "-rf",
      workspace.at("both.tar"),
      "./link/escaped.txt",
    ]);
    execFileSync("gzip", [workspace.at("both.tar")]);
    copyFileSync(workspace.at("both.tar.gz"), workspace.at("app.tar.gz"));
    await problemOf(() => read("app.tar.gz", sum("app.tar.gz")));
    assert.ok(!readdirSync(workspace.base).includes("escaped.txt"));
  });

  it("is refused with a URL that has credentials, or is of another kind than https", () => {
    const bad = ["http://example.com/a.tar.gz", "ftp://example.com/a", "https://me:s3cret@example.com/a"];
    for (const archive of bad) {
      const [problem] = archiveProblems({ archive, sha256: "" });
      assert.equal(problem?.key, "app.archive", archive);
      assert.ok(!JSON.stringify(problem).includes("s3cret"));
    }
    for (const archive of ["https://example.com/a.tar.gz", "../a.tar.gz", "/srv/a.tar.gz"])
      assert.deepEqual(archiveProblems({ archive, sha256: "" }), []);
  });

  it("is downloaded once, and not kept with another sum", async () => {
    workspace.write("app", djangoProject);
    const sha256 = pack("app", ".");
    const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"];
    const files = ["-keyout", workspace.at("tls.key"), "-out", workspace.at("tls.crt")];
    execFileSync("openssl", [...request, ...files], { stdio: "pipe" });
    const tls = { key: readFileSync(workspace.at("tls.key")), cert: readFileSync(workspace.at("tls.crt")) };
    const other = createPlainServer((_, answer) => answer.end("x")).listen(0, "127.0.0.1");
    await once(other, "listening");
    const plain = (other.address() as AddressInfo).port;
    let asked = 0;
    const server = createServer(tls, ({ url }, answer) => {
      asked += 1;
      if (url === "/app.tar.gz") answer.end(readFileSync(workspace.at("app.tar.gz")));
      else if (url?.startsWith("/plain"))
        answer.writeHead(302, { location: `http://127.0.0.1:${plain}/` }).end();
      else answer.writeHead(404).end();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const untrusted = await problemOf(() => read(`${url}/app.tar.gz`, sha256));
    assert.match(untrusted.value, /can't be had: .*self.signed certificate/);
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      await problemOf(() => read(`${url}/app.tar.gz`, "0".repeat(64)));
      assert.deepEqual(readdirSync(workspace.at("cache/prebuilt")), []);
      assert.match((await problemOf(() => read(`${url}/none`, sha256))).value, /the server answers 404/);
      const signed = await problemOf(() => read(`${url}/plain?signature=s3cret`, sha256));
      assert.ok(signed.value.endsWith("/plain?… can't be had: it leads to a URL that is not https"));
      asked = 0;
      for (const releaseId of [sha256.slice(0, 12), sha256.slice(0, 12)])
        assert.equal((await read(`${url}/app.tar.gz`, sha256)).releaseId, releaseId);
      assert.equal(asked, 1);
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
      server.closeAllConnections();
      server.close();
      other.closeAllConnections();
      other.close();
    }
  });
});
