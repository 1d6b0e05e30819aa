import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

import { aptSources } from "../../components/machine/container/debian";
import { bootFlags, parseLimits } from "../../components/machine/container/flags";
import { imageName } from "../../components/machine/container/image";
import { generateKeyPair, publicKeyOf } from "../../components/machine/keys";
import { checkedName, containerName, machineName } from "../../components/machine/container/name";
import { firstFreePort, isPortTaken } from "../../components/machine/container/ports";
import { extraCertificates, proxyEnvironment, trustedHere } from "../../components/machine/container/trust";

const capabilities = ["--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW", "--cap-add", "AUDIT_WRITE"];

describe("the boot flags of a container engine", () => {
  const flags = (facts: Partial<Parameters<typeof bootFlags>[0]>): string =>
    bootFlags({ name: "podman", cgroup: 2, rootless: false, limits: {}, ...facts })
      .join(" ")
      .replace(` ${capabilities.join(" ")}`, "");

  it("leave systemd to Podman", () => {
    assert.equal(flags({}), "--systemd=always --restart always");
    assert.equal(flags({ cgroup: 1 }), "--systemd=always --restart always");
  });

  it("hand on limits lower than what Podman gives", () => {
    assert.equal(
      flags({ limits: { openFiles: 20000, processes: 32768 } }),
      "--systemd=always --restart always --ulimit nofile=20000:20000 --ulimit nproc=32768:32768",
    );
    assert.equal(flags({ limits: { openFiles: 1048576, processes: 4194304 } }), flags({}));
  });

  it("leave limits to rootless Podman, which hands them on itself", () => {
    assert.equal(flags({ rootless: true, limits: { openFiles: 1024 } }), flags({}));
  });

  it("give systemd on Docker its own /run and the control groups, by their version", () => {
    const common = "--restart unless-stopped --env container=docker --tmpfs /run --tmpfs /run/lock";
    assert.equal(
      flags({ name: "docker", cgroup: 2 }),
      `${common} --cgroupns host --volume /sys/fs/cgroup:/sys/fs/cgroup:rw`,
    );
    assert.equal(flags({ name: "docker", cgroup: 1 }), `${common} --volume /sys/fs/cgroup:/sys/fs/cgroup:ro`);
  });

  it("never make a container privileged", () => {
    for (const name of ["docker", "podman"] as const) {
      const all = bootFlags({ name, cgroup: 2, rootless: false, limits: {} });
      assert.ok(!all.includes("--privileged") && !all.includes("SYS_ADMIN"));
      assert.deepEqual(all.slice(-6), capabilities);
    }
  });

  it("read the hard limits, where there are any", () => {
    const text = [
      "Limit                     Soft Limit           Hard Limit           Units     ",
      "Max processes             1000                 96365                processes ",
      "Max open files            1024                 unlimited            files     ",
    ].join("\n");
    assert.deepEqual(parseLimits(text), { processes: 96365 });
    assert.deepEqual(parseLimits(""), {});
  });
});

describe("the names of container machines", () => {
  it("are short for a stack's only machine and differ for several", () => {
    assert.equal(containerName(machineName("local")), "django-server-local");
    assert.equal(machineName("local", "machine"), "local");
    assert.equal(machineName("local", "web-2"), "local-web-2");
  });

  it("are refused when they are not safe", () => {
    for (const name of ["", "../x", "a b", "-x", ".x", "a/b", "$(id)", "a\n", "é", "x".repeat(42)]) {
      assert.throws(() => checkedName(name), /can't name a container machine: use 1 to 41 letters/, name);
    }
    assert.equal(checkedName("Staging_2.eu"), "Staging_2.eu");
  });
});

describe("the choice of ports", () => {
  it("takes the first that is neither reserved nor in use", async () => {
    const inUse = new Set([8081]);
    const isFree = (port: number): Promise<boolean> => Promise.resolve(!inUse.has(port));
    assert.equal(await firstFreePort(8080, new Set(), isFree), 8080);
    assert.equal(await firstFreePort(8080, new Set([8080]), isFree), 8082);
    await assert.rejects(firstFreePort(65535, new Set([65535]), isFree), /No port from 65535 on is free/);
  });

  it("sees a port that something listens on", async () => {
    const server = await new Promise<Server>((resolve) => {
      const listening: Server = createServer().listen(0, "127.0.0.1", () => {
        resolve(listening);
      });
    });
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    try {
      assert.notEqual(await firstFreePort(address.port, new Set()), address.port);
    } finally {
      server.close();
    }
  });

  it("knows the engines' words for a port that is taken", () => {
    assert.ok(isPortTaken("listen tcp4 127.0.0.1:2200: bind: address already in use"));
    assert.ok(isPortTaken("Bind for 127.0.0.1:8080 failed: port is already allocated"));
    assert.ok(isPortTaken("Ports are not available: exposing port TCP 127.0.0.1:8080"));
    assert.ok(!isPortTaken("no space left on device"));
  });
});

describe("a machine's key pair", () => {
  it("is always well formed, for ssh too", function () {
    this.timeout(60_000);
    // One in 250 of ssh2's own is not: enough rounds to meet one.
    for (let round = 0; round < 1500; round++) {
      const { privateKey, publicKey } = generateKeyPair();
      assert.equal(publicKeyOf(privateKey), publicKey);
      assert.equal(Buffer.from(publicKey.split(" ")[1] ?? "", "base64").length, 51);
    }
    const folder = mkdtempSync(join(tmpdir(), "key-"));
    const { privateKey, publicKey } = generateKeyPair();
    writeFileSync(join(folder, "key"), privateKey, { mode: 0o600 });
    assert.equal(
      execFileSync("ssh-keygen", ["-y", "-f", join(folder, "key")], { encoding: "utf8" }).trim(),
      publicKey,
    );
    rmSync(folder, { recursive: true });
  });
});

describe("what a machine takes over from this computer", () => {
  const authority = readFileSync(join(__dirname, "authority.pem"), "utf8");
  const known = rootCertificates[0] ?? "";

  it("is the certificates that are not well known, once each", () => {
    const bundle = [known, authority, "# a comment", authority, known].join("\n");
    assert.deepEqual(extraCertificates(bundle, [known]), [authority.trim()]);
    assert.deepEqual(extraCertificates("", [known]), []);
  });

  it("skips what is no certificate", () => {
    const broken = "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----";
    assert.deepEqual(extraCertificates(`${broken}\n${authority}`, []), [authority.trim()]);
  });

  it("comes from the files that the usual variables name, if they exist", () => {
    const file = join(__dirname, "authority.pem");
    const trusted = { NODE_EXTRA_CA_CERTS: file, SSL_CERT_FILE: file };
    assert.deepEqual(trustedHere(trusted, []), [authority.trim()]);
    assert.deepEqual(trustedHere({ SSL_CERT_FILE: "/nowhere.pem" }, []), []);
  });

  it("comes from what an administrator put into the system's folder for it, too", () => {
    assert.deepEqual(trustedHere({}, [__dirname, "/nowhere"]), [authority.trim()]);
  });

  it("is the proxy, in both spellings, unless it is this computer's own loopback", () => {
    assert.deepEqual(proxyEnvironment({ HTTPS_PROXY: "http://proxy:3128", no_proxy: "intern" }), [
      'https_proxy="http://proxy:3128"',
      'HTTPS_PROXY="http://proxy:3128"',
      'no_proxy="intern"',
      'NO_PROXY="intern"',
    ]);
    assert.deepEqual(proxyEnvironment({ http_proxy: "http://127.0.0.1:3128", no_proxy: "intern" }), []);
    assert.deepEqual(proxyEnvironment({ http_proxy: "http://me:word@localhost:1" }), []);
    assert.deepEqual(proxyEnvironment({}), []);
  });
});

describe("a machine's image", () => {
  it("is named after its system and its recipe", () => {
    const [thirteen, twelve] = [imageName("debian-13"), imageName("debian-12")];
    assert.match(thirteen, /^localhost\/django-server\/machine:debian-13-[0-9a-f]{12}$/);
    assert.notEqual(thirteen, twelve);
  });

  it("gets updates and security fixes where Debian is built from packages", () => {
    assert.deepEqual(aptSources("trixie"), [
      "deb http://deb.debian.org/debian trixie main",
      "deb http://deb.debian.org/debian trixie-updates main",
      "deb http://deb.debian.org/debian-security trixie-security main",
    ]);
  });
});
