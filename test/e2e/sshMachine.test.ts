import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

import { utils } from "ssh2";

import { startMachine, type TestMachine } from "../support/containerMachine";
import { writeMinimalDjango } from "../support/minimalDjango";
import { pinNote } from "../support/notes";
import { SampleSite } from "../support/sampleSite";
import { Stack } from "../support/stack";

/** What tells one state of a server from another: files, packages, users, units. */
const inventory = (machine: TestMachine): Promise<string> =>
  machine.output(`
    sudo find /etc /srv /opt /usr/local /var/log /var/cache /var/www /home /root /tmp -xdev \\
      ! -path '/var/log/journal/*' ! -path '/var/log/apt*' ! -path '/var/cache/apt*' ! -path '/var/cache/debconf*' \\
      ! -path '/tmp/systemd-private-*' ! -name '*-old' ! -name '*-' | sort
    dpkg-query -W -f '\${Package} \${db:Status-Status}\\n'
    getent passwd; getent group
    systemctl list-unit-files --no-legend | sort
    ls /run`);

const sshArgs = ({ host, sshPort, user, hostKey, privateKeyFile, httpPort }: TestMachine) => ({
  ...{ kind: "ssh", host, port: sshPort, user, hostKey, privateKeyFile, httpPort },
});

describe("a server of one's own", () => {
  const stack = new Stack();
  let machine: TestMachine;
  let atFirst: string;
  const folder = join(stack.folder, "mysite");
  const configure = (changes: object = {}): Promise<void> =>
    stack.configure({
      machine: { ...sshArgs(machine), ...changes },
      site: { name: "mysite", domains: ["localhost"] },
      app: { path: folder },
    });

  before(async () => {
    machine = await startMachine();
    await stack.init();
    writeMinimalDjango(folder, join(__dirname, "projects/uv"));
    atFirst = await inventory(machine);
  });
  after(async () => {
    await stack.close();
    await machine.stop();
  });

  it("of an unknown system is refused by its name, and nothing is left on it", async () => {
    const fedora = 'ID=fedora\\nVERSION_ID=42\\nPRETTY_NAME="Fedora Linux 42"\\n';
    await machine.output(`sudo rm /etc/os-release && printf '${fedora}' | sudo tee /etc/os-release`);
    await configure();
    const said = await stack.failedUp();
    await machine.output("sudo ln -sf ../usr/lib/os-release /etc/os-release");
    assert.match(
      said,
      /this machine runs Fedora Linux 42; needed: Debian 11 or newer, or Ubuntu 22\.04 or newer/,
    );
    assert.equal(await inventory(machine), atFirst);
  });

  it("that cannot be reached fails the deploy within half a minute", async () => {
    await configure({ port: await closedPort() });
    const start = Date.now();
    const said = await stack.failedUp();
    assert.match(said, /connection refused/);
    assert.ok(Date.now() - start < 30_000, `it took ${Date.now() - start} ms`);
  });

  it("does not let another key in, and says so once", async () => {
    const privateKeyFile = join(stack.folder, "id_other");
    writeFileSync(privateKeyFile, utils.generateKeyPairSync("ed25519").private, { mode: 0o600 });
    await configure({ privateKeyFile });
    const said = await stack.failedUp();
    assert.equal(said.match(/^ +error: .*unable to authenticate/gm)?.length, 1, said);
  });

  it("is given a site", async () => {
    await configure();
    await stack.up();
    assert.equal(stack.output("url"), `http://localhost:${machine.httpPort}`);
    assert.equal(stack.output("ssh"), `ssh -p ${machine.sshPort} debian@127.0.0.1`);
    assert.equal((await stack.http("/")).status, 200);
    await stack.up("--expect-no-changes");
  });

  it("is not spoken to when its host key changed", async () => {
    const hostKey = utils.generateKeyPairSync("ed25519").public.trim();
    await configure({ hostKey });
    const said = await stack.failedUp();
    assert.match(said, /host key mismatch/);
    await configure();
    await stack.up();
    assert.equal((await stack.http("/")).status, 200);
  });

  it("goes on after destroy as it was before", async () => {
    await stack.destroy();
    const atLast = await inventory(machine);
    assert.deepEqual(linesOnlyIn(atLast, atFirst), []);
    assert.deepEqual(linesOnlyIn(atFirst, atLast), []);
  });
});

function linesOnlyIn(one: string, other: string): string[] {
  const known = new Set(other.split("\n"));
  return one.split("\n").filter((line) => !known.has(line));
}

describe("a server with other people's sites, behind a bastion", () => {
  const site = new SampleSite();
  const { stack } = site;
  let machine: TestMachine;
  const foreign = (): Promise<string> =>
    machine.output(`
      sha256sum /etc/nginx/sites-available/other /etc/supervisor/conf.d/other.conf
      sudo supervisorctl pid other
      curl -s -H 'Host: other.test' http://127.0.0.1/`);

  before(async () => {
    machine = await startMachine();
    await machine.output(`
      sudo apt-get -qq update && sudo apt-get -qq install --no-install-recommends nginx supervisor curl >/dev/null 2>&1
      printf 'server { listen 80; server_name other.test; return 200 "theirs"; }' |
        sudo tee /etc/nginx/sites-available/other
      sudo ln -s ../sites-available/other /etc/nginx/sites-enabled/other
      printf '[program:other]\\ncommand=sleep infinity\\n' | sudo tee /etc/supervisor/conf.d/other.conf
      sudo systemctl restart nginx && sudo supervisorctl update`);
    // The machine is its own bastion: from there it is found at its own port 22.
    const { host, sshPort, hostKey } = machine;
    const bastion = { host, port: sshPort, hostKey };
    await site.prepare({ ...sshArgs(machine), port: 22, bastion });
  });
  after(async () => {
    await stack.close();
    await machine.stop();
  });

  it("is given a site beside them", async () => {
    const before = await foreign();
    await stack.up();
    assert.equal((await stack.http("/")).status, 200);
    assert.equal((await pinNote(stack, "A ladder to lend")).status, 302);
    assert.equal((await stack.http("/", { host: "other.test" })).text, "theirs");
    assert.equal(await foreign(), before);
  });

  it("keeps them, and the site's data, after destroy", async () => {
    const before = await foreign();
    await stack.destroy();
    assert.equal(await foreign(), before);
    assert.equal(await machine.output("ls /etc/nginx/sites-enabled"), "default\nother");
    assert.equal(await machine.output("ls /etc/supervisor/conf.d"), "other.conf");
    assert.equal(await machine.output("ls /srv/wepynaire"), "shared");
    await machine.output("sudo test -s /srv/wepynaire/shared/data/db.sqlite3");
  });
});

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
