import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { checkout } from "../../tools/toolchain/environment";
import type { Snapshot } from "../../tools/verbs/snapshots";
import type { Status } from "../../tools/verbs/statusLines";
import { DataSite } from "../support/dataSite";
import { eventually } from "../support/eventually";
import { type S3Store, startS3Store } from "../support/s3Store";
import type { Run } from "../support/stack";

const secrets = {
  backupPassword: "pass word '\"$x",
  backupAccessKeyId: "the-key",
  backupSecretAccessKey: "secret-of-the-key",
};
const backup = {
  ...{ keepDaily: 3, keepWeekly: 0, keepMonthly: 2 },
  s3: { endpoint: "http://127.0.0.1:9000", bucket: "backups", prefix: "all/mysite" },
};
const folder = "/var/backups/django-server/mysite";
const notes = "/var/lib/django-server/backup/mysite";
const shared = "/srv/mysite/shared";

const fill = `
import os
from things.models import Thing
for alias in ("default", "file"):
    Thing.objects.using(alias).bulk_create(Thing(name=f"thing {n} żółć", content=os.urandom(300)) for n in range(200))
`;
const destroy = `
from django.db import connections
connections["default"].cursor().execute("DROP TABLE things_thing, django_migrations; CREATE TABLE newer (a int)")
connections["file"].cursor().execute("DROP TABLE things_thing")
`;
/** A sum of every row of both databases, in their order. */
const sumOfRows = `
import hashlib
from things.models import Thing
for alias in ("default", "file"):
    rows = [(t.pk, t.name, bytes(t.content)) for t in Thing.objects.using(alias).order_by("pk").only("pk", "name", "content")]
    print(len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
`;
/** Path, mode, owner and content of every file that is no database's. */
const sumOfFiles = `cd ${shared} && sudo find media persistent -printf '%p %M %u:%g %s\\n' | sort && sudo find media persistent -type f -exec sha256sum {} + | sort`;

describe("backups", () => {
  const site = new DataSite();
  const { stack } = site;
  let store: S3Store;
  let tunnel: ChildProcess | undefined;
  let rows = "";
  let files = "";
  let session = "";

  before(async () => {
    store = await startS3Store({ bucket: "backups", key: secrets.backupAccessKeyId });
    await site.prepare();
    await site.configure("debian-12", backup, secrets);
    await stack.up();
    openTunnel();
    await site.python(
      "from django.core.management import call_command\ncall_command('migrate', database='file', verbosity=0)",
    );
    await site.python(fill);
    await stack.ssh(`
      sudo install -d -o mysite -g www-data -m 2750 "${shared}/media/a b"
      head -c 300000 /dev/urandom | sudo -u mysite tee "${shared}/media/a b/p[1].jpg" >/dev/null
      echo paper | sudo -u mysite tee ${shared}/persistent/papers/one.txt >/dev/null
      sudo -u mysite ln -s one.txt ${shared}/persistent/papers/link`);
    rows = await site.python(sumOfRows);
    files = await stack.ssh(sumOfFiles);
    session = await visit();
  });
  after(async () => {
    tunnel?.kill();
    await stack.close();
    store.stop();
  });

  /** The machine reaches the store at its own port 9000. */
  function openTunnel(): void {
    tunnel?.kill();
    const [program = "", ...args] = stack.output("ssh").split(" ");
    const forward = ["-N", "-o", "ExitOnForwardFailure=yes", "-R", `127.0.0.1:9000:127.0.0.1:${store.port}`];
    tunnel = spawn(program, [...args, ...forward], { cwd: checkout, stdio: "ignore" });
  }

  /** A visit with this session; returns the cookie to come back with. */
  async function visit(cookie?: string): Promise<string> {
    const { status, text, headers } = await stack.http(
      "/",
      cookie === undefined ? {} : { headers: { cookie } },
    );
    assert.equal(status, 200, text);
    assert.deepEqual(JSON.parse(text), { things: [200, 200], visits: cookie === undefined ? 1 : 2 });
    return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
  }

  async function assertAllIsBack(): Promise<void> {
    assert.equal(await site.python(sumOfRows), rows);
    assert.equal(await stack.ssh(sumOfFiles), files);
    await visit(session);
    const newer = `from django.db import connection\nprint("newer" in connection.introspection.table_names())`;
    assert.equal(await site.python(newer), "False");
  }

  async function loseEverything(): Promise<void> {
    await site.python(destroy);
    await stack.ssh(
      `sudo rm -rf ${shared}/persistent/papers "${shared}/media/a b"; echo x | sudo -u mysite tee ${shared}/media/new`,
    );
  }

  const backUp = (...args: string[]): Promise<Run> => stack.verb("backup", args);
  const snapshots = async (): Promise<Snapshot[]> => {
    const { code, stdout, text } = await backUp("--list", "--json");
    assert.equal(code, 0, text);
    return (JSON.parse(stdout) as { snapshots: Snapshot[] }).snapshots;
  };
  const succeeded = ({ code, text }: Run): string => {
    assert.equal(code, 0, text);
    return text;
  };
  const status = async (): Promise<{ code: number } & Status> => {
    const { code, stdout } = await stack.verb("status", ["--json"]);
    return { code, ...(JSON.parse(stdout) as Status) };
  };

  it("are set up by a deploy, and none is missing before the first night", async () => {
    const { code, backup: last, drift } = await status();
    assert.deepEqual([code, drift, last.healthy, last.time], [0, [], true, null]);
    assert.match(
      await stack.ssh("systemctl list-timers --all mysite-backup.timer"),
      /02:(3|4)\d:\d\d .*mysite-backup\.timer/,
    );
    assert.deepEqual(await snapshots(), []);
  });

  it("are taken to the folder and to the store, and shown in the status", async () => {
    const said = succeeded(await backUp());
    assert.match(said, /^database default: postgresql 15\.\S+.*\ndatabase file: sqlite 3\.\S+, /m);
    const [, onDisk, inStore] = /^disk: snapshot (\w{8}), \S+,[^]*^s3: snapshot (\w{8}), /m.exec(said) ?? [];
    const { code, backup: last } = await status();
    assert.deepEqual(
      [code, last.result, last.snapshots.map(({ place, id }) => [place, id])],
      [
        0,
        "ok",
        [
          ["disk", onDisk],
          ["s3", inStore],
        ],
      ],
    );
    assert.match(
      succeeded(await backUp("--list")),
      new RegExp(`UTC .* ago +${onDisk} +${inStore} +backup$`, "m"),
    );
    assert.ok(
      store.requests.some(({ method, path }) => method === "PUT" && path.startsWith("/backups/all/mysite/")),
    );
    assert.equal(await stack.ssh("sudo ls /srv/mysite"), "current\nreleases\nshared\nvenvs");
  });

  it("bring back every row and every file, and what is newer is kept", async () => {
    await loseEverything();
    const said = succeeded(await stack.verb("restore", ["--yes"]));
    assert.match(said, /the data of before are in a snapshot: disk \w{8},s3 \w{8}$/m);
    await assertAllIsBack();
    assert.deepEqual(
      (await snapshots()).map(({ place, isSafety }) => [place, isSafety]),
      [
        ["disk", true],
        ["s3", true],
        ["disk", false],
        ["s3", false],
      ],
    );
    assert.equal(await stack.ssh("sudo ls /srv/mysite"), "current\nreleases\nshared\nvenvs");
    assert.equal((await status()).code, 0);
  });

  it("ask before they replace anything", async () => {
    const { code, text } = await stack.verb("restore");
    assert.equal(code, 1);
    assert.match(text, /restore asks before it changes anything; where there is no terminal, say --yes/);
  });

  it("are run through the migrations since", async () => {
    site.migrateOn();
    await stack.up();
    succeeded(await stack.verb("restore", ["--yes", "--from", "s3", "--no-safety"]));
    const notes = "from things.models import Thing\nprint(set(Thing.objects.values_list('note', flat=True)))";
    assert.equal(await site.python(notes), "{'none'}");
    assert.equal(await site.python(sumOfRows.replace(', "file"', ",")), rows.split("\n")[0]);
  });

  it("that are cut off while they are put back are named, and the next run repairs", async () => {
    await loseEverything();
    const run = stack.verb("restore", ["--yes", "--from", "disk"]);
    await eventually(60, () => stack.ssh(`sudo test -e ${notes}/run && sudo pkill -9 -f '[r]estore@'`));
    assert.notEqual((await run).code, 0);
    // The worst moment there is: between the two renames.
    await stack.ssh(`sudo mv ${shared} /srv/mysite/restore/before`);
    // What it has started ends by itself.
    await eventually(20, async () => {
      const { text } = await stack.verb("status");
      assert.match(text, /^backup +cut off +a restore, which npm run restore repairs when it is run again$/m);
    });
    succeeded(await stack.verb("restore", ["--yes", "--from", "disk"]));
    assert.equal((await status()).code, 0);
    assert.equal(await stack.ssh(sumOfFiles), files);
    await visit(session);
  });

  it("go by the settings: the last of each day and month stay", async () => {
    const restic = `sudo restic --repo ${folder}/repository --password-file ${folder}/password`;
    const times = [
      "2026-01-05",
      "2026-01-20",
      "2026-02-03",
      "2026-03-01",
      "2026-03-02",
      "2026-03-03",
      "2026-03-04",
    ];
    for (const time of times)
      await stack.ssh(
        `${restic} backup --quiet --host mysite --tag backup --time '${time} 02:30:00' /etc/hostname`,
      );
    succeeded(await backUp());
    const dates = (await snapshots())
      .filter(({ place, isSafety }) => place === "disk" && !isSafety)
      .map(({ time }) => new Date(time * 1000).toISOString().slice(0, 10));
    const today = new Date().toISOString().slice(0, 10);
    assert.deepEqual(dates, [today, "2026-03-04", "2026-03-03"]);
  });

  it("that fail in one place are made in the other, and the status says why", async () => {
    store.isShut = true;
    const { code, text } = await backUp();
    assert.equal(code, 1);
    assert.match(text, /^disk: snapshot \w{8}/m);
    assert.match(text, /^backup: no snapshot in s3: the repository in s3 can't be opened: .*Access Denied/m);
    const now = await status();
    assert.deepEqual([now.code, now.backup.result, now.backup.healthy], [5, "failed", false]);
    assert.match(now.backup.reason ?? "", /Access Denied/);
    assert.ok((now.backup.good ?? 0) < (now.backup.time ?? 0));
    store.isShut = false;
  });

  it("are what the timer starts; one that is cut off is named, and the next one repairs", async () => {
    await stack.ssh("sudo systemctl start mysite-backup.service");
    assert.equal((await status()).code, 0);
    await stack.ssh("sudo systemctl start --no-block mysite-backup.service");
    await eventually(60, () =>
      stack.ssh(`sudo test -e ${notes}/run && sudo systemctl kill --signal KILL mysite-backup.service`),
    );
    assert.match(
      (await stack.verb("status")).text,
      /^backup +cut off +the last backup left no result; the last good/m,
    );
    succeeded(await backUp());
    assert.equal((await status()).code, 0);
  });

  it("do not fill the disk", async () => {
    // A small file system in place of the folder.
    await stack.ssh(`
      sudo mv ${folder} ${folder}.aside && sudo mkdir /dev/shm/backups && sudo ln -s /dev/shm/backups ${folder}
      sudo dd if=/dev/zero of=/dev/shm/fill bs=1M 2>/dev/null || true
      sudo truncate -s -2M /dev/shm/fill`);
    const { code, text } = await backUp();
    assert.equal(code, 1);
    assert.match(
      text,
      /no snapshot in disk: the disk of \S+ has \S+ free, too little for \S+ more and a rest of 5 %$/m,
    );
    assert.match(text, /^s3: snapshot \w{8}/m);
    await stack.ssh(
      `sudo rm -rf /dev/shm/backups /dev/shm/fill ${folder} && sudo mv ${folder}.aside ${folder}`,
    );
  });

  it("can be had on this computer, by nobody else", async () => {
    const archive = join(stack.folder, "mysite.tar");
    succeeded(await backUp("--download", archive));
    assert.equal(statSync(archive).mode & 0o777, 0o600);
    const listed = readFileSync(archive).toString("latin1");
    for (const name of [
      "backup/databases/default.pgdump",
      "backup/databases/file.sqlite3",
      "shared/media/a b/p[1].jpg",
    ])
      assert.ok(listed.includes(`srv/mysite/${name}`), name);
  });

  it("bring everything back on a new machine", async () => {
    const inStore = (await snapshots()).filter(({ place }) => place === "s3");
    await site.configure("debian-13", backup, secrets);
    await stack.up();
    openTunnel();
    await eventually(20, async () => {
      assert.deepEqual(await snapshots(), inStore);
    });
    succeeded(await stack.verb("restore", ["--yes"]));
    assert.equal(await stack.ssh(sumOfFiles), files);
    await visit(session);
    assert.equal(await site.python(sumOfRows), rows);
    const { code, drift } = await status();
    assert.deepEqual([code, drift], [0, []]);
    await stack.up("--expect-no-changes");
  });

  it("say no secret", async () => {
    for (const secret of Object.values(secrets).filter((value) => value !== secrets.backupAccessKeyId)) {
      assert.ok(!stack.transcript.includes(secret));
      assert.ok(!stack.state().includes(secret));
    }
    const readable =
      "sudo -u mysite grep -rls secret-of-the-key /etc /var/lib/django-server /var/log /opt /srv || true";
    assert.equal(await stack.ssh(readable), "");
    assert.equal(
      await stack.ssh("sudo grep -rl --exclude-dir journal secret-of-the-key /etc /var/log /srv || true"),
      "/etc/django-server/mysite/backup/secrets",
    );
  });
});
