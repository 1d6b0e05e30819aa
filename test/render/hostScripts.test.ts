import { strict as assert } from "node:assert";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { scripts, systemCheck } from "../../components/remote/scripts";
import { renderInstaller } from "../../components/render/hostScripts";

const all = Object.values(scripts);

describe("the installer of the host scripts", () => {
  const base = mkdtempSync(join(tmpdir(), "installer-test-"));
  const folder = join(base, "opt");
  after(() => {
    rmSync(base, { recursive: true });
  });

  /** Runs the installer with a folder of the test's own in place of /opt/django-server. */
  const run = (check: string, ...args: string[]) =>
    spawnSync("bash", ["-s", "--", ...args], {
      input: renderInstaller(check, all)
        .replaceAll(/(?<=place '?|mkdir -p |>)\/opt\/django-server/g, folder)
        .replace("cat /opt/django-server/machine-id 2>", `cat ${folder}/machine-id 2>`)
        .replace("|| rm -f /etc/django-server/", `|| rm -f ${base}/etc/`),
      encoding: "utf8",
    });

  it("is a bash script", () => {
    execFileSync("bash", ["-n"], { input: renderInstaller(systemCheck, all) });
  });

  it("places every script byte for byte and executable, and the machine's id", () => {
    for (const id of ["ssh://a b'c:22", "second"]) {
      const { status, stderr } = run("check_system() { :; }", id);
      assert.equal(stderr, "");
      assert.equal(status, 0);
      assert.equal(readFileSync(join(folder, "machine-id"), "utf8"), `${id}\n`);
    }
    for (const { path, text } of all) {
      const file = path.replace("/opt/django-server", folder);
      assert.equal(readFileSync(file, "utf8"), text);
      assert.equal(statSync(file).mode & 0o7777, 0o755);
    }
    assert.equal(readdirSync(folder).length, all.length + 1);
  });

  it("places nothing on a system that the check refuses, or without a machine's id", () => {
    rmSync(folder, { recursive: true, force: true });
    const refused = run("check_system() { echo 'not this one' >&2; exit 1; }", "id");
    assert.deepEqual([refused.status, refused.stderr], [1, "not this one\n"]);
    assert.throws(() => readdirSync(folder), /ENOENT/);
    assert.notEqual(run(systemCheck.replaceAll("exit 1", "return 0")).status, 0);
  });
});
