import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hostText, run } from "./bash";

describe("the check of a machine's system", () => {
  const folder = mkdtempSync(join(tmpdir(), "system-test-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function check(release: string | undefined): Promise<[number | null, string]> {
    const file = join(folder, "os-release");
    rmSync(file, { force: true });
    if (release !== undefined) writeFileSync(file, release);
    const script = hostText("check-system.sh").replaceAll("/etc/os-release", file);
    const { status, stderr } = await run(["bash", "-s"], `${script}\ncheck_system\n`);
    return [status, stderr.trim()];
  }

  const supported: Record<string, string> = {
    "Debian 11": 'PRETTY_NAME="Debian GNU/Linux 11 (bullseye)"\nVERSION_ID="11"\nID=debian\n',
    "Debian 13": 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_ID="13"\nID=debian\n',
    "Ubuntu 22.04": 'PRETTY_NAME="Ubuntu 22.04.5 LTS"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\n',
    "Ubuntu 24.04": 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n',
  };
  for (const [name, release] of Object.entries(supported)) {
    it(`admits ${name}`, async () => {
      assert.deepEqual(await check(release), [0, ""]);
    });
  }

  const refused: Record<string, string> = {
    "Debian GNU/Linux 10 (buster)":
      'PRETTY_NAME="Debian GNU/Linux 10 (buster)"\nVERSION_ID="10"\nID=debian\n',
    "Ubuntu 20.04.6 LTS": 'PRETTY_NAME="Ubuntu 20.04.6 LTS"\nVERSION_ID="20.04"\nID=ubuntu\n',
    "Rocky Linux 9.4": 'PRETTY_NAME="Rocky Linux 9.4"\nVERSION_ID="9.4"\nID="rocky"\n',
    "Alpine Linux v3.20": 'PRETTY_NAME="Alpine Linux v3.20"\nVERSION_ID=3.20.0\nID=alpine\n',
  };
  for (const [name, release] of Object.entries(refused)) {
    it(`refuses ${name} by its name`, async () => {
      const [status, message] = await check(release);
      assert.equal(status, 1);
      assert.equal(
        message,
        `this machine runs ${name}; needed: Debian 11 or newer, or Ubuntu 22.04 or newer`,
      );
    });
  }

  it("refuses a machine that does not say what it is, also a Debian without a number", async () => {
    assert.match((await check(undefined))[1], /^this machine runs an unknown system; needed/);
    const [status, message] = await check('PRETTY_NAME="Debian GNU/Linux forky/sid"\nID=debian\n');
    assert.deepEqual([status, /forky\/sid/.test(message)], [1, true]);
  });
});
