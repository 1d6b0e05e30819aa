import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { pipfileHashes } from "../../components/source/pipfile";
import { requirementsFromPipfileLock, type PipfileLock } from "../../components/source/pipfileLock";
import { parseToml } from "../../components/source/reading";
import { problemsOf } from "./workspace";

const golden = (name: string) => readFileSync(path.join(__dirname, "golden", name), "utf8");
const goldenLock = (name: string) => JSON.parse(golden(name)) as PipfileLock;

describe("a Pipfile's hash", () => {
  // Computed by plette 2.1.0 and by pipenv 2026.10.3.
  const known = [
    "245048e20fdb18d9ca671834f4f06bdf4e0269231f4210925d51b9840f362261",
    "254339378b9f837e85d73408c428234e50f6cd1857fce05b7567013c163f6fb9",
  ];

  it("is what older and newer pipenv compute", async () => {
    assert.deepEqual(pipfileHashes(await parseToml("Pipfile", golden("Pipfile"))), known);
  });

  it("takes the public index for granted where no source is named", async () => {
    const withoutSource = golden("Pipfile").replace(/^\[\[source\]\][^[]*/, "");
    assert.ok(!withoutSource.includes("source"));
    assert.deepEqual(pipfileHashes(await parseToml("Pipfile", withoutSource)), known);
  });

  it("changes with a package, not with a script", async () => {
    const changed = golden("Pipfile").replace("~=5.2", "~=5.1");
    assert.notDeepEqual(pipfileHashes(await parseToml("Pipfile", changed)), known);
    const script = golden("Pipfile").replace("runserver", "runserver 9000");
    assert.deepEqual(pipfileHashes(await parseToml("Pipfile", script)), known);
  });
});

describe("a Pipfile.lock as requirements", () => {
  it("keeps versions, extras, markers and hashes, in one order", () => {
    const { text, findings } = requirementsFromPipfileLock(goldenLock("hashed.lock.json"));
    assert.equal(text, golden("hashed.txt"));
    assert.deepEqual(findings, []);
  });

  it("names indexes and git URLs, and drops all hashes where one is missing", () => {
    const { text, findings } = requirementsFromPipfileLock(goldenLock("mixed.lock.json"));
    assert.equal(text, golden("mixed.txt"));
    assert.match(findings.join(" "), /Hashes are not checked: dj-database-url, loose and tools/);
    assert.match(findings.join(" "), /verify_ssl/);
  });

  it("refuses what exists on this computer only, and credentials, all at once", async () => {
    const lock: PipfileLock = {
      _meta: { sources: [{ name: "own", url: "https://me:s3cret@example.com/simple" }] },
      default: {
        app: { path: ".", editable: true },
        wheel: { file: "./wheels/x.whl" },
        local: { git: "file:///srv/x.git" },
        token: { git: "https://s3cret@example.com/x.git", ref: "main" },
        fine: { version: "==1.0" },
      },
    };
    const problems = await problemsOf(() => Promise.resolve().then(() => requirementsFromPipfileLock(lock)));
    assert.deepEqual(
      problems.map(({ value }) => value.split(" ")[0]),
      ["app", "local", "token", "wheel", "the"],
    );
    assert.ok(!JSON.stringify(problems).includes("s3cret"));
  });
});
