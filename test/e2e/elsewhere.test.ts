import { strict as assert } from "node:assert";
import { join } from "node:path";

import { startMachine, type TestMachine } from "../support/containerMachine";
import { type Told, toldBy } from "../support/servicesApp";
import { Stack } from "../support/stack";

const app = join(__dirname, "projects/services/app");
const password = "hush/@:%1ö";

/** A machine that serves PostgreSQL and Redis to others, as a company's or a cloud's does. */
async function startServer(): Promise<TestMachine> {
  const server = await startMachine();
  await server.output(
    `sudo bash -euo pipefail -s <<'SCRIPT'
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update && apt-get -qq install -y --no-install-recommends postgresql redis-server ssl-cert >/dev/null
    cd /etc/postgresql/17/main
    printf '%s\n' "listen_addresses = '*'" >conf.d/all.conf
    printf '%s\n' 'hostssl shop shop all scram-sha-256' >>pg_hba.conf
    systemctl restart postgresql@17-main
    runuser -u postgres -- psql -qX -c "CREATE ROLE shop LOGIN PASSWORD '${password}'" -c 'CREATE DATABASE shop OWNER shop'
    printf '%s\n' 'bind 0.0.0.0' 'requirepass ${password}' >>/etc/redis/redis.conf
    systemctl restart redis-server
SCRIPT`,
  );
  return server;
}

describe("a site whose PostgreSQL and Redis are elsewhere", () => {
  const stack = new Stack();
  let server: TestMachine;
  let address = "";
  before(async function () {
    this.timeout(400_000);
    [server] = await Promise.all([startServer(), stack.init()]);
    address = await server.output("hostname -I | cut -d ' ' -f 1");
  });
  after(async () => {
    await stack.close();
    await server.stop();
  });

  const configure = (word = password): Promise<void> => {
    const login = encodeURIComponent(word);
    return stack.configure(
      {
        ...{
          machine: { kind: "container" },
          site: { name: "shop", domains: ["localhost"] },
          app: { path: app },
        },
        ...{ health: { path: "/up" }, gunicorn: { instances: 1, workers: 1 } },
        ...{ database: { server: "url" }, redis: { server: "url" } },
      },
      {
        databaseUrl: `postgresql://shop:${login}@${address}:5432/shop?sslmode=require`,
        redisUrl: `redis://:${encodeURIComponent(password)}@${address}/0`,
      },
    );
  };
  const told = async (): Promise<Told> => toldBy(await stack.http("/"));
  const sql = (text: string): Promise<string> =>
    server.output(`sudo -u postgres psql -XAt shop -c "${text}"`);

  it("is online, and has their parts by all names", async () => {
    await configure();
    await stack.up();
    const { vendor, rows, same, jobs, cached } = await told();
    assert.deepEqual([vendor, rows, same, jobs, cached], ["postgresql", 1, true, 1, "yes"]);
  });

  it("has no such server on its own machine", async () => {
    assert.equal(await stack.ssh("pgrep -l 'postgres|redis' || true"), "");
    await stack.run("preview", "--expect-no-changes");
  });

  it("has in its status where they are and what they hold, and which of them does not answer", async () => {
    const { text } = await stack.verb("status");
    assert.match(text, new RegExp(`^database +\\d+ MB +PostgreSQL 17\\.\\d+ at ${address}$`, "m"));
    assert.match(text, new RegExp(`^redis +\\d+ [kM]B +\\d+ keys, Redis 8\\.\\S+ at ${address}$`, "m"));
    await server.output("sudo systemctl stop postgresql@17-main redis-server");
    const silent = await stack
      .verb("status")
      .finally(() => server.output("sudo systemctl start postgresql@17-main redis-server"));
    assert.match(
      silent.text,
      new RegExp(`^database +does not answer +PostgreSQL at ${address}: .*refused`, "m"),
    );
    assert.match(silent.text, new RegExp(`^redis +does not answer +Redis at ${address}$`, "m"));
    assert.doesNotMatch(text + silent.text, /hush/);
  });

  it("is backed up by PostgreSQL's own programs, which come with the first backup", async () => {
    assert.equal(await stack.ssh("command -v pg_dump || true"), "");
    const { code, text } = await stack.verb("backup");
    assert.equal(code, 0, text);
    assert.match(text, /^disk: snapshot \w{8}/m);
    assert.equal(
      await stack.ssh("pgrep -l postgres; pg_dump --version | cut -d ' ' -f 3 | cut -d . -f 1"),
      "17",
    );
  });

  it("is not changed by a password that the server refuses, and says so", async () => {
    await configure("-wrong-");
    const said = await stack.failedUp();
    assert.match(said, /password authentication failed for user "shop"/);
    assert.doesNotMatch(said, /-wrong-/);
    assert.equal((await told()).rows, 2);
    await configure();
    await stack.up();
  });

  it("comes back on a new machine from a copy of the old one's folder of backups", async () => {
    await stack.ssh("echo leaf | sudo -u shop tee /srv/shop/shared/media/leaf.txt >/dev/null");
    const { code, text } = await stack.verb("backup");
    assert.equal(code, 0, text);
    const { rows } = await told();
    const archive = await stack.ssh("sudo tar -C /var/backups -c django-server/shop | base64 --wrap=0");
    await stack.destroy();
    await sql("DROP TABLE notes_note, django_migrations");
    await stack.up();
    await stack.ssh("base64 --decode | sudo tar -C /var/backups -x", archive);
    const restored = await stack.verb("restore", ["--yes"]);
    assert.equal(restored.code, 0, restored.text);
    // The backup was made before that visit.
    assert.equal((await told()).rows, rows);
    assert.equal(await stack.ssh("sudo cat /srv/shop/shared/media/leaf.txt"), "leaf");
  });

  it("says no password", async () => {
    for (const said of [
      ...[stack.transcript, stack.state(), await stack.ssh("ps axww -o args")],
      await stack.ssh("sudo journalctl --no-pager"),
    ])
      for (const word of [password, encodeURIComponent(password)]) assert.ok(!said.includes(word));
    const found = await stack.ssh(
      "sudo grep -rlaF --devices=skip --file=- /etc /opt /srv /var /tmp /home /root | sed -E 's#(healthy[.][^/]*|next)/##' | sort -u",
      `${password}\n${encodeURIComponent(password)}`,
    );
    assert.equal(found, "/etc/django-server/shop/secrets");
  });
});
