import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hostText, run, runWith } from "./bash";

describe("a mirror's list of sources", () => {
  const folder = mkdtempSync(join(tmpdir(), "network-host-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** What a system of this kind would read, without the signing keys. */
  async function sources(system: string, mirrors: string): Promise<string[]> {
    const release = join(folder, "os-release");
    writeFileSync(release, system);
    const [text = ""] = /^sources\(\) \{\n[\s\S]*?\n\}$/m.exec(hostText("network.sh")) ?? [];
    const { stdout, stderr } = await run(
      ["bash", "-c", `set -euo pipefail\n${text.replace("/etc/os-release", release)}\nsources`],
      mirrors,
    );
    assert.equal(stderr, "");
    return stdout.trim().split("\n").slice(1);
  }

  const debian = 'ID=debian\nVERSION_CODENAME=trixie\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n';
  const keys = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]";

  it("is Debian's release, its updates and its security fixes beside them", async () => {
    assert.deepEqual(await sources(debian, "archive http://m.org/debian/\n"), [
      `${keys} http://m.org/debian trixie main`,
      `${keys} http://m.org/debian trixie-updates main`,
      `${keys} http://m.org/debian-security trixie-security main`,
    ]);
  });

  it("has security fixes from where it is told to", async () => {
    const lines = await sources(debian, "archive http://m.org/debian\nsecurity http://s.org/fixes\n");
    assert.equal(lines[2], `${keys} http://s.org/fixes trixie-security main`);
  });

  it("is Ubuntu's, whose security fixes lie beside the rest, with universe, which has supervisor", async () => {
    const ubuntu = "ID=ubuntu\nVERSION_CODENAME=noble\n";
    const signed = "deb [signed-by=/usr/share/keyrings/ubuntu-archive-keyring.gpg]";
    assert.deepEqual(await sources(ubuntu, "archive http://m.org/ubuntu\n"), [
      `${signed} http://m.org/ubuntu noble main universe`,
      `${signed} http://m.org/ubuntu noble-updates main universe`,
      `${signed} http://m.org/ubuntu noble-security main universe`,
    ]);
  });
});

describe("a file of the network", () => {
  const folder = mkdtempSync(join(tmpdir(), "network-host-"));
  const target = join(folder, "apt/90django-server");
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** As root's own files are placed, by whoever runs the test. */
  const place = (wanted: string) =>
    runWith(["common", "network"], 'chown() { :; }; place_or_remove "$1" "$2" 0600', [wanted, target]);

  it("is placed with its folder, and taken away when there is nothing to place", async () => {
    const wanted = join(folder, "wanted");
    writeFileSync(wanted, "text\n");
    assert.deepEqual(await place(wanted), { status: 0, stdout: "", stderr: "" });
    assert.equal(readFileSync(target, "utf8"), "text\n");
    assert.equal((await place(join(folder, "missing"))).status, 0);
    assert.throws(() => readFileSync(target), /ENOENT/);
  });
});

describe("what a step asked for in vain", () => {
  const hint = (variables: Record<string, string>) => {
    const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
    return runWith(["common", "index"], `${lines.join("\n")}\nindex_hint`).then(({ stdout }) => stdout);
  };

  it("is named: PyPI, or another index and the proxy, without their credentials", async () => {
    assert.match(
      await hint({ https_proxy: "", UV_DEFAULT_INDEX: "" }),
      /^is the package index https:\/\/pypi\.org\/simple reachable from this machine, and does .* for Python 3\.\d+ on \w+\?$/,
    );
    assert.match(
      await hint({ UV_DEFAULT_INDEX: "https://a:b@i.org/simple", https_proxy: "http://c:d@p.org:3128" }),
      /^is the package index https:\/\/i\.org\/simple reachable from this machine by the proxy http:\/\/p\.org:3128, /,
    );
  });

  it("is a wheel for the machine's Python and processor where no index is asked", async () => {
    assert.match(
      await hint({ PIP_NO_INDEX: "1" }),
      /^is there a wheel of it for Python 3\.\d+ on \w+ in the folder of network\.wheels\?$/,
    );
  });
});
