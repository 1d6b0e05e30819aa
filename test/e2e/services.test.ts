import { strict as assert } from "node:assert";
import { join } from "node:path";

import { scripts } from "../../components/remote/scripts";
import type { SiteSettings } from "../../components/settings/defineSite";
import type { Status } from "../../tools/verbs/statusLines";
import { countOf } from "../support/diff";
import { eventually } from "../support/eventually";
import { ask } from "../support/http";
import { type Told, toldBy } from "../support/servicesApp";
import { Stack } from "../support/stack";

type Services = Pick<SiteSettings, "database" | "redis">;

const folder = join(__dirname, "projects/services");
const onMachine = { database: { server: "machine" }, redis: { server: "machine" } } as const;
/** Without them, the app has a database of its own. */
const none = { environment: { DATABASE_URL: "sqlite:////srv/my-shop/shared/data/notes.sqlite3" } };

describe("PostgreSQL and Redis on a machine that two sites share", () => {
  const stack = new Stack({ folder, project: "django-server" });
  before(() => stack.init());
  after(() => stack.close());

  const site = (name: string, services: Services, more: Partial<SiteSettings> = {}): SiteSettings => ({
    ...{ name, domains: [`${name}.localhost`], app: { path: "app" }, health: { path: "/up" } },
    ...{ gunicorn: { instances: 1, workers: 1 }, ...services, ...more },
  });
  const withTrigrams: Services = { ...onMachine, database: { server: "machine", extensions: ["pg_trgm"] } };
  const configure = (...sites: SiteSettings[]): Promise<void> => stack.configure({ sites });
  const club = site("club", onMachine);

  async function told(host = "my-shop.localhost"): Promise<Told> {
    const [url = ""] = JSON.parse(stack.output("urls")) as string[];
    return toldBy(await ask(Number(new URL(url).port), "/", { host }));
  }
  const value = (name: string, service: string, of = "my-shop"): Promise<string> =>
    stack.ssh(`sudo sed -n "s/^${name}='\\(.*\\)'$/\\1/p" /etc/django-server/${of}/services/${service}`);
  const masters = (user: string): Promise<string> =>
    stack.ssh(`pgrep -u ${user} -f '/bin/gunicor[n]' | sort`);
  const keptByRedis = (): Promise<string> =>
    stack.ssh("sudo find /var/lib/redis -mindepth 1 -maxdepth 1 -type d -printf '%f\\n' | sort");
  const sql = (text: string): Promise<string> => stack.ssh("sudo -u postgres psql -XAt", text);

  it("are there after the first deploy, by the variables that Django packages read", async () => {
    await configure(site("my-shop", withTrigrams));
    await stack.up();
    const first = await told();
    assert.deepEqual(first, {
      vendor: "postgresql",
      rows: 1,
      same: true,
      extensions: ["pg_trgm"],
      jobs: 1,
      cached: "yes",
    });
  });

  it("need nothing when nothing has changed", async () => {
    await stack.run("preview", "--expect-no-changes");
  });

  it("have all that they need: UTF-8, and settings that were taken", async () => {
    assert.equal(
      await sql("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'my-shop'"),
      "UTF8",
    );
    const ours = "/etc/postgresql/*/main/conf.d/django-server.conf";
    const settings = await stack.ssh(`grep -c = ${ours}`);
    assert.equal(
      await sql(
        "SELECT count(*) FROM pg_file_settings WHERE sourcefile LIKE '%/django-server.conf' AND applied",
      ),
      settings,
    );
    const word = await value("REDIS_PASSWORD", "redis");
    const port = await value("REDIS_PORT", "redis");
    const config = await stack.ssh(
      `REDISCLI_AUTH=$(cat) redis-cli -p ${port} CONFIG GET '[am]*' | paste - - | grep -E '^(appendonly|maxmemory|maxmemory-policy)\\s' | sort`,
      word,
    );
    assert.match(config, /^appendonly\tyes\nmaxmemory\t[1-9]\d+\nmaxmemory-policy\tnoeviction$/);
  });

  it("are reached from the machine alone, and no other Redis runs", async () => {
    const listening = await stack.ssh(
      "sudo ss -Hltnp | grep -E 'postgres|redis' | awk '{ print $4 }' | sort",
    );
    for (const address of listening.split("\n")) assert.match(address, /^(127\.0\.0\.1|\[::1\]):\d+$/);
    assert.equal(await stack.ssh("pgrep -c redis-server"), "1");
    const ports = [await value("PGPORT", "postgresql"), await value("REDIS_PORT", "redis")];
    for (const port of ports) {
      const knock = `address=$(hostname -I | cut -d' ' -f1); timeout 5 bash -c "</dev/tcp/$address/${port}" 2>&1 || true`;
      assert.match(await stack.ssh(knock), /Connection refused/);
    }
  });

  it("have passwords that only the app can read, and that show nowhere", async () => {
    for (const [name, service] of [
      ["PGPASSWORD", "postgresql"],
      ["REDIS_PASSWORD", "redis"],
    ] as const) {
      const word = await value(name, service);
      assert.match(word, /^[\w-]{40}$/);
      const places = "/etc /opt /srv /var /tmp /home /root /run/lock /run/my-shop";
      const found = await stack.ssh(`sudo grep -rlaF --devices=skip --file=- ${places} | sort`, word);
      const expected = [`/etc/django-server/my-shop/services/${service}`];
      if (service === "redis") expected.push("/etc/redis/redis-my-shop-machine.conf");
      assert.deepEqual(found.split("\n"), expected);
      for (const seen of ["ps axww -o args", "sudo journalctl --no-pager"])
        assert.ok(!(await stack.ssh(seen)).includes(word), `${name} shows in ${seen}`);
      assert.ok(!stack.state().includes(word) && !stack.transcript.includes(word));
    }
    const rights = await stack.ssh(
      "sudo sh -c 'stat -c \"%a %U:%G\" /etc/django-server/my-shop/services/*' | sort -u",
    );
    assert.equal(rights, "640 root:my-shop");
  });

  it("are given to a second site without a touch to the first", async () => {
    const before = await masters("my-shop");
    const server = await stack.ssh(
      "systemctl show -P ActiveEnterTimestamp 'postgresql@*-main' redis-server@my-shop",
    );
    await configure(site("my-shop", withTrigrams), club);
    const said = await stack.up();
    assert.equal(countOf(said, "updated"), 1, "only what PostgreSQL is told of its sites");
    assert.equal(await masters("my-shop"), before);
    assert.equal(
      await stack.ssh("systemctl show -P ActiveEnterTimestamp 'postgresql@*-main' redis-server@my-shop"),
      server,
    );
    assert.equal((await told("club.localhost")).rows, 1);
  });

  it("are closed to the other site", async () => {
    const as = (command: string): Promise<string> =>
      stack.ssh(`sudo -u club ${scripts["site-exec"].path} club ${command} 2>&1 || true`);
    assert.match(await as("psql -d my-shop -c 'SELECT 1'"), /permission denied for database "my-shop"/);
    const port = await value("REDIS_PORT", "redis");
    const knock = `sh -c 'REDISCLI_AUTH=$REDIS_PASSWORD redis-cli -p ${port} PING'`;
    assert.match(await as(knock), /WRONGPASS/);
    assert.match(await as("cat /etc/django-server/my-shop/services/redis"), /Permission denied/);
    assert.match(await as("cat /etc/redis/redis-my-shop-machine.conf"), /Permission denied/);
  });

  it("are there again after a reboot, with what was in them", async () => {
    const { rows, jobs = 0 } = await told();
    await stack.reboot();
    await eventually(30, () => told());
    const after = await told();
    assert.deepEqual([after.rows, after.jobs], [rows + 2, jobs + 2]);
  });

  it("come back when they are killed", async () => {
    await stack.ssh("sudo pkill -9 -o -x postgres; sudo pkill -9 -x redis-server");
    assert.equal((await eventually(30, () => told())).vendor, "postgresql");
  });

  it("are in the status, with their sizes and without drift", async () => {
    const { code, text, stdout } = await stack.verb("status", ["--json"]);
    assert.equal(code, 0, text);
    const { databases, redis, drift } = JSON.parse(stdout) as Status;
    const [database, ...others] = databases ?? [];
    assert.deepEqual(drift, []);
    assert.ok(database?.vendor === "postgresql" && others.length === 0, stdout);
    assert.ok((database.size ?? 0) > 5e6, stdout);
    assert.ok((redis?.keys ?? 0) >= 1 && (redis?.memory?.total ?? 0) >= 64 * 2 ** 20, stdout);
  });

  it("are taken over from a machine on which their users had other numbers", async () => {
    const { rows } = await told();
    const data = "/etc/postgresql/*/main /var/lib/postgresql /var/lib/redis/my-shop";
    await stack.ssh(
      `sudo systemctl stop 'postgresql@*' redis-server@my-shop; sudo sh -c 'chown -R 4711:4712 ${data}'`,
    );
    await stack.ssh(`sudo ${scripts.postgresql.path}`, "my-shop 1 1 4\nclub 1 1 4\n");
    await stack.ssh(
      "sudo sh -c 'systemctl reset-failed; chown -R redis:redis /var/lib/redis/my-shop; systemctl start redis-server@my-shop'",
    );
    assert.equal((await told()).rows, rows + 1);
    assert.equal(await stack.ssh("sudo find /etc/postgresql /var/lib/postgresql -uid 4711 -o -gid 4712"), "");
  });

  it("are refused, and left alone, where the data is another version's", async () => {
    const place = "/var/lib/postgresql/11/main";
    await stack.ssh(`sudo sh -c 'mkdir -p ${place}; echo 11 >${place}/PG_VERSION'`);
    const refused = await stack.ssh(`sudo ${scripts.postgresql.path} 2>&1 || true`, "my-shop 1 1 4\n");
    assert.match(
      refused,
      /main holds data of PostgreSQL 11, and this system brings PostgreSQL 17; nothing was changed/,
    );
    assert.equal(await stack.ssh(`sudo find /var/lib/postgresql/11 -type f`), `${place}/PG_VERSION`);
    await stack.ssh("sudo rm -r /var/lib/postgresql/11");
  });

  it("keep what is in them when they are taken away, as the preview says, and the app is told first", async () => {
    const { rows, jobs = 0 } = await told();
    await configure(site("my-shop", {}, none), club);
    assert.match(await stack.preview(), /redis-remove@\w+ keep-data my-shop /);
    await stack.up();
    assert.equal((await told()).vendor, "sqlite");
    assert.equal(await stack.ssh("systemctl is-active redis-server@my-shop || true"), "inactive");
    // As after a loss: another password is set.
    await stack.ssh("sudo rm /etc/django-server/my-shop/services/postgresql");
    await configure(site("my-shop", withTrigrams), club);
    await stack.up();
    const after = await told();
    assert.deepEqual([after.rows, after.jobs], [rows + 1, jobs + 1]);
  });

  it("are emptied when they are taken away after it was agreed upon", async () => {
    const database = { ...withTrigrams.database, deleteData: true };
    await configure(site("my-shop", { ...onMachine, database }), club);
    assert.match(
      await stack.up(),
      /my-shop: database\.deleteData is on: removing the site or its database drops/,
    );
    await configure(site("my-shop", {}, { ...none, deleteData: true }), club);
    assert.match(await stack.preview(), /database-remove@\w+ delete-data my-shop /);
    await stack.up();
    assert.equal(
      await sql("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1"),
      "club\npostgres",
    );
    assert.equal(await sql("SELECT rolname FROM pg_roles WHERE rolname = 'my-shop'"), "");
    assert.equal(await keptByRedis(), "club\nmy-shop", "nothing was agreed upon for Redis");
  });

  it("outlive their site, and the server's base where it is cleaned of its packages", async () => {
    const script = scripts["server-remove"].path;
    await stack.ssh(`sudo cp ${script} /root/server-remove; sudo cp /opt/django-server/machine-id /root`);
    const clean =
      "sudo sh -c 'mkdir -p /opt/django-server; cp /root/machine-id /opt/django-server; /root/server-remove $(cat /root/machine-id)'";
    assert.match(await stack.ssh(clean), /other sites use this server/);
    await configure();
    await stack.up();
    assert.match(
      await stack.ssh(clean),
      /with the data in them these packages stay: postgresql redis-server/,
    );
    assert.equal(await stack.ssh("dpkg-query -W -f '${db:Status-Abbrev}' nginx 2>/dev/null || true"), "");
    assert.match(await sql("SELECT datname FROM pg_database"), /^club$/m);
    assert.equal(await keptByRedis(), "club");
    await stack.ssh("sudo -u postgres dropdb club; sudo rm -r /etc/django-server /var/lib/redis/club");
    await stack.ssh(clean);
    assert.equal(
      await stack.ssh(
        "ls -d /etc/postgresql /var/lib/postgresql /var/lib/redis /var/lib/django-server 2>/dev/null || true",
      ),
      "",
    );
  });
});
