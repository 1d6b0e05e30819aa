import { strict as assert } from "node:assert";

import { eventually } from "../../support/eventually";
import type { SampleSite } from "../../support/sampleSite";

const template = "board/templates/board/note_list.html";

/** What comes in between a deploy and its end. */
export function faults(site: SampleSite): void {
  const { stack } = site;
  const sudo = (command: string): Promise<string> => stack.ssh("sudo bash", command);
  let changes = 0;
  /** Another source, whose build takes so long. */
  async function change(seconds = 0): Promise<void> {
    const block = "{% block content %}";
    site.edit(template, block, `${block}<!-- change ${++changes} -->`);
    await site.configure({ app: { path: site.folder, build: [`sleep ${seconds}`] } });
  }
  const building = (): Promise<string> => eventually(60, () => stack.ssh("pgrep -x sleep -u wepynaire"));

  /** The site serves the release with the change of that number, and no half one lies about. */
  async function assertServes(number: number): Promise<void> {
    const page = await stack.http("/");
    assert.equal(page.status, 200);
    assert.equal(/<!-- change (\d+) -->/.exec(page.text)?.[1], String(number));
    assert.equal(await sudo("ls -d /srv/wepynaire/releases/*.partial 2>/dev/null || true"), "");
  }

  describe("a deploy", () => {
    before(async () => {
      await change();
      await stack.up();
      await assertServes(1);
    });

    it("whose connection is cut goes on by itself, and the next one waits for it", async () => {
      await change(15);
      const failed = stack.failedUp();
      await building();
      await sudo("pkill -KILL -f '^sshd.*: debian'").catch(() => undefined);
      assert.match(await failed, /wepynaire-release/);
      await assertServes(1);
      assert.match(await building(), /^\d+$/, "the build goes on");
      await stack.up();
      await assertServes(2);
    });

    it("whose machine is restarted in the middle leaves the old release, and the next one needs no cleaning", async () => {
      await change(60);
      const failed = stack.failedUp();
      await building();
      await stack.reboot();
      assert.match(await failed, /wepynaire-release/);
      await eventually(20, () => assertServes(2));
      await change();
      await stack.up();
      await assertServes(4);
    });
  });
}
