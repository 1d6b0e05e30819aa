import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type Ended, runWith } from "./bash";

const libraries = [
  ...["common", "backups", "repositories", "snapshot"],
  ...["supervisor", "processes", "timers", "writers"],
];
const bash = (line: string, args: readonly string[] = [], input = ""): Promise<Ended> =>
  runWith(libraries, line, args, input);

describe("a backup", () => {
  const folder = mkdtempSync(join(tmpdir(), "backup-test-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it("tells of restic's progress by tenths, and hands its summary on", async () => {
    const status = (done: number) => JSON.stringify({ message_type: "status", percent_done: done, bytes: 1 });
    const summary = JSON.stringify({
      message_type: "summary",
      data_added: 7,
      snapshot_id: "0123456789abcdef",
    });
    const lines = [0, 0.05, 0.1234, 0.19, 0.5, 1].map(status);
    const { stdout, stderr } = await bash("progress", [], `${[...lines, summary].join("\n")}\n`);
    assert.equal(stdout, `${summary}\n`);
    assert.equal(stderr, "  10 %\n  50 %\n  100 %\n");
    const members = await bash('member "$1" snapshot_id; member "$1" data_added; member "$1" nothing', [
      summary,
    ]);
    assert.equal(members.stdout, "0123456789abcdef\n7\n");
  });

  it("leaves a twentieth of the disk free", async () => {
    const df = 'df() { printf "size avail\\n1000 %s\\n" "$free"; }; free=$1; require_space /backups "$2"';
    assert.equal((await bash(df, ["250", "200"])).status, 0);
    const { status, stderr } = await bash(df, ["249", "200"]);
    assert.equal(status, 1);
    assert.match(stderr, /the disk of \/backups has 249B free, too little for 200B more and a rest of 5 %$/m);
  });

  it("goes to the folder, to the store, or to both", async () => {
    const line = "declare -A setting=([folder]=$1 [repository]=$2); places";
    for (const [given, expected] of [
      [["/var/backups", ""], "disk\n"],
      [["/var/backups", "s3:https://s3.org/b"], "disk\ns3\n"],
      [["none", "s3:https://s3.org/b"], "s3\n"],
    ] as const)
      assert.equal((await bash(line, given)).stdout, expected);
  });

  it("hands a repository's password over in the environment, never among the arguments", async () => {
    const line = `site=mysite
declare -A setting=([folder]=$1)
restic() { echo "$@"; }
in_place disk snapshots --json`;
    // exec takes a program.
    writeFileSync(
      join(folder, "restic"),
      '#!/bin/sh\necho "$@"; env | grep -E "RESTIC_(REPO|PASS)" | sort\n',
      { mode: 0o755 },
    );
    const { stdout, stderr } = await bash(`PATH=${folder}:$PATH\n${line}`, ["/var/backups/mysite"]);
    assert.equal(stderr, "");
    assert.deepEqual(stdout.trimEnd().split("\n"), [
      "snapshots --json",
      "RESTIC_PASSWORD_FILE=/var/backups/mysite/password",
      "RESTIC_REPOSITORY=/var/backups/mysite/repository",
    ]);
    const unknown = await bash(`site=mysite\ndeclare -A setting=([folder]=none)\nin_place tape snapshots`);
    assert.equal(unknown.status, 1);
  });

  it("keeps the reason of a failure", async () => {
    const { status, stderr } = await bash(
      `notes=$1; heard "it failed" sh -c 'echo one; echo "two"; exit 3'`,
      [folder],
    );
    assert.deepEqual([status, stderr], [1, "a-step: it failed: two\n"]);
    assert.equal(readFileSync(join(folder, "reason"), "utf8"), "it failed: two\n");
  });
});

describe("what writes to a site's data", () => {
  it("is ended and started again: what ran of this site, and nothing of one whose name is longer", async () => {
    const notes = mkdtempSync(join(tmpdir(), "writers-test-"));
    const line = `site=shop notes=$1
declare -A states=([shop-gunicorn-0]=RUNNING [shop-gunicorn-2]=STOPPED [shop-worker-0]=STARTING
  [shop-eu-gunicorn-0]=RUNNING [shop-eu-worker-0]=RUNNING [shop-beat-0]=FATAL)
rpc() {
  local name
  case $1 in
    getAllProcessInfo)
      for name in "\${!states[@]}"; do
        printf '<member><name>name</name><value><string>%s</string></value></member>' "$name"
        printf '<member><name>statename</name><value><string>%s</string></value></member></struct>' "\${states[$name]}"
      done
      ;;
    getProcessInfo) ;;
    *) printf '%s\\n' "$1 $2" >>"$notes/asked" ;;
  esac
}
chown() { :; }
stop_writers
cp "$notes/stopped" "$notes/kept"
start_writers
cat "$notes/kept" "$notes/asked"`;
    const { stdout, stderr } = await bash(line, [notes]);
    assert.deepEqual(readdirSync(notes).sort(), ["asked", "kept"]);
    rmSync(notes, { recursive: true });
    assert.equal(stderr, "");
    assert.deepEqual(stdout.trimEnd().split("\n"), [
      "stopping the site",
      ...["shop-gunicorn-0", "shop-worker-0"],
      ...["stopProcess shop-gunicorn-0", "stopProcess shop-worker-0"],
      ...["startProcess shop-gunicorn-0", "startProcess shop-worker-0"],
    ]);
  });
});
