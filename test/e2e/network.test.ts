import { strict as assert } from "node:assert";
import { renameSync } from "node:fs";
import { join } from "node:path";

import { startMachine, type TestMachine } from "../support/containerMachine";
import { writeMinimalDjango } from "../support/minimalDjango";
import { Stack } from "../support/stack";
import { addresses, credentials, type Server, Surroundings } from "./network/surroundings";

const requested = (lines: readonly string[], pattern: RegExp): boolean =>
  lines.some((line) => pattern.test(line));

/** As they are, and as they stand in a URL. */
const passwords = Object.values(credentials)
  .map((both) => both.slice(both.indexOf(":") + 1))
  .flatMap((password) => [
    password,
    encodeURIComponent(password).replaceAll("'", "%27").replaceAll("(", "%28"),
  ]);

describe("a machine that is not on the internet", () => {
  const stack = new Stack();
  const app = join(stack.folder, "mysite");
  const wheels = join(stack.folder, "wheels");
  const authority = join(stack.folder, "authority.pem");
  let machine: TestMachine;
  let around: Surroundings;

  /** Settings of the network, and a set of dependencies that is not installed yet. */
  async function configure(network: object, dependencies: string, packages: string[] = [], wrong = false) {
    writeMinimalDjango(app, join(__dirname, "projects", dependencies));
    const { host, sshPort, user, hostKey, privateKeyFile, httpPort } = machine;
    const secrets = {
      ...("proxy" in network && { proxyCredentials: wrong ? "robot:hush-wrong" : credentials.proxy }),
      ...("pythonIndex" in network && { pythonIndexCredentials: credentials.index }),
    };
    await stack.configure(
      {
        machine: { kind: "ssh", host, port: sshPort, user, hostKey, privateKeyFile, httpPort },
        ...{ network, site: { name: "mysite", domains: ["localhost"], packages }, app: { path: app } },
        // One of each is soon replaced.
        gunicorn: { instances: 1, workers: 1 },
      },
      secrets,
    );
  }

  /** A deploy that fetches uv again. */
  async function upWithUv(): Promise<void> {
    await machine.output("sudo rm -r /opt/django-server/uv-*");
    await stack.up("--replace", "**::machine-uv");
    await machine.output("test -x /opt/django-server/uv-*/bin/uv");
  }

  /** What a line of Python prints that runs as the app does. */
  const inApp = (line: string): Promise<string> =>
    machine.output(
      `sudo -u mysite sh -c '"$(ls -t /opt/django-server/site-exec@* | head -n 1)" mysite python -' 2>&1`,
      { input: line },
    );

  before(async () => {
    machine = await startMachine();
    around = new Surroundings(machine);
    await Promise.all([stack.init(), around.close()]);
    await around.copy("wheels", wheels);
    await around.copy("authority.pem", authority);
    await around.watchCommandLines();
  });
  after(async () => {
    await stack.close();
    await machine.stop();
  });

  it("is told what it asked and by which proxy when the proxy refuses it, and not by what name", async () => {
    await configure({ proxy: addresses.proxy }, "requirements", [], true);
    const said = await stack.failedUp();
    assert.match(said, /apt-get update failed; .* by the proxy http:\/\/127\.0\.0\.1:3128\?/);
    assert.match(said, /\b407\b/);
    assert.doesNotMatch(said, /robot|hush/);
    assert.ok(!requested(await around.requests("proxy"), /^OK/));
  });

  it("gets all it needs by a proxy that asks for credentials, and so does the app", async () => {
    await configure({ proxy: addresses.proxy }, "requirements");
    await stack.up();
    assert.equal((await stack.http("/")).status, 200);
    const requests = await around.requests("proxy");
    for (const host of ["http://deb.debian.org/", "pypi.org:443", "files.pythonhosted.org:443"])
      assert.ok(requested(requests, new RegExp(`^OK (GET|CONNECT) ${host}`)), `${host} was not asked for`);
    const release = "http://deb.debian.org/debian/dists/stable/Release";
    const ask = `import urllib.request as u; print(u.urlopen("${release}", timeout=20).status)`;
    assert.equal(await inApp(ask), "200");
    assert.ok(requested(await around.requests("proxy"), new RegExp(`^OK GET ${release}`)));
    await machine.output("sudo apt-get -qq update");
    await stack.up("--expect-no-changes");
  });

  it("does not trust an index of a private authority before it is told to", async () => {
    const { proxy, index: pythonIndex, mirror: aptMirror } = addresses;
    await configure({ proxy, pythonIndex, aptMirror }, "uv");
    const said = await stack.failedUp();
    assert.match(said, /invalid peer certificate: UnknownIssuer/);
    assert.match(said, /is the package index https:\/\/localhost:8443\/simple reachable from this machine/);
    assert.ok(!requested(await around.requests("index"), /wheel|\.whl/));
    assert.equal((await stack.http("/")).status, 200);
  });

  it("gets uv and what uv.lock names from an index that asks for credentials, and packages from a mirror", async () => {
    const { proxy, index: pythonIndex, mirror: aptMirror } = addresses;
    const before = await around.requests("proxy");
    await configure({ proxy, pythonIndex, aptMirror, caCertificates: [authority] }, "uv", ["tree"]);
    await upWithUv();
    const installed = JSON.parse((await stack.http("/")).text) as Record<string, string>;
    assert.deepEqual([installed["django"], installed["whitenoise"]], ["5.2.19", "6.9.0"]);
    const index = await around.requests("index");
    for (const wheel of ["uv", "django", "whitenoise", "gunicorn"])
      assert.ok(requested(index, new RegExp(`^OK GET /files/${wheel}-`)), `${wheel} came from elsewhere`);
    const mirror = await around.requests("mirror");
    for (const path of ["debian/dists/", "debian/pool/main/t/tree/", "debian-security/dists/"])
      assert.ok(requested(mirror, new RegExp(`^OK GET /${path}`)), `${path} came from elsewhere`);
    const since = (await around.requests("proxy")).slice(before.length);
    assert.ok(!requested(since, /pypi|pythonhosted|localhost|127\.0\.0\.1/), since.join("\n"));
  });

  it("has the app trust the authority, and does not lead it to the index", async () => {
    const ask = `
import os, urllib.error, urllib.request
try:
    urllib.request.urlopen("${addresses.index}/", timeout=20)
except urllib.error.HTTPError as error:
    print(error.code, [name for name in os.environ if name.startswith(("UV_", "PIP_"))], os.environ["REQUESTS_CA_BUNDLE"])`;
    assert.equal(await inApp(ask), "401 [] /etc/ssl/certs/ca-certificates.crt");
  });

  it("is told which wheel is missing when there is no index", async () => {
    for (const server of ["index", "proxy"] satisfies Server[]) await around.stop(server);
    const wheel = "whitenoise-6.9.0-py3-none-any.whl";
    renameSync(join(wheels, wheel), join(stack.folder, wheel));
    await configure({ wheels, aptMirror: addresses.mirror }, "pyproject", ["tree"]);
    const said = await stack.failedUp();
    assert.match(said, /whitenoise/);
    assert.match(
      said,
      /dependencies: installing the dependencies failed; .* in the folder of network\.wheels\?/,
    );
    assert.equal((await stack.http("/")).status, 200);
    renameSync(join(stack.folder, wheel), join(wheels, wheel));
  });

  it("gets uv and all dependencies from a folder of wheels", async () => {
    await upWithUv();
    const installed = JSON.parse((await stack.http("/")).text) as Record<string, string>;
    assert.equal(installed["whitenoise"], "6.9.0");
    const gone = "/usr/local/share/ca-certificates/django-server-* /etc/apt/auth.conf.d/90django-server.conf";
    assert.equal(await machine.output(`ls -d ${gone} 2>/dev/null || true`), "");
    const trusted = "openssl verify -CApath /etc/ssl/certs /dev/stdin 2>&1 || true";
    const text = await machine.output(`sudo cat /opt/outside/server.crt | ${trusted}`);
    assert.match(text, /unable to get local issuer certificate/);
  });

  it("has its status say what of it was changed by hand", async () => {
    assert.equal((await stack.verb("status")).code, 0);
    await machine.output("echo UV_OFFLINE=0 | sudo tee -a /etc/django-server/network.env");
    const { code, text } = await stack.verb("status");
    assert.equal(code, 4);
    assert.match(text, /network\.env/);
  });

  it("kept its credentials to itself all the time", async () => {
    const lines = await around.commandLines();
    assert.ok(lines.includes("site-exec@"), "no command line was seen");
    for (const form of passwords) {
      assert.ok(!stack.transcript.includes(form), "it was said");
      assert.ok(!stack.state().includes(form), "it is in the state");
      assert.ok(!lines.includes(form), "it was in a command line");
    }
  });

  it("is on its own again when the settings are gone, and keeps no trace of them", async () => {
    const other = `"$(sudo cat /opt/django-server/machine-id)" another-stack`;
    const kept = await machine.output(
      `sudo $(ls -t /opt/django-server/network-remove@* | head -n 1) ${other}`,
    );
    assert.equal(kept, "other stacks have network settings for this server: they stay");
    await configure({}, "pyproject", ["tree"]);
    await stack.up();
    assert.equal((await stack.http("/")).status, 200);
    const traces = "find /etc /opt/django-server /usr/local/share /var/lib/django-server";
    const names =
      "-name '*network.*' -o -name '*wheels*' -o -name '90django-server*' -o -name 'django-server-*.crt'";
    const left = await machine.output(`sudo ${traces} ${names} | grep -v @ || true`);
    assert.equal(left, "");
    assert.equal(await around.filesWith(passwords.join("\n")), "0");
  });
});
