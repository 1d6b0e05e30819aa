import { strict as assert } from "node:assert";

import { changedLines, countOf } from "../../support/diff";
import { meanwhile } from "../../support/eventually";
import type { SampleSite } from "../../support/sampleSite";

const template = "board/templates/board/note_list.html";
const heading = "Fresh from the board";

/** Releases that are built by the app's own commands, and gone back to. */
export function goingBack(site: SampleSite): void {
  const { stack } = site;
  const commands = [
    "mkdir -p var/cards && echo hearts >var/cards/ace",
    `sed -i "s/New on the board/& of $(id -un)/" ${template}`,
  ];
  const more = [...commands, "python manage.py check"];
  const building = (build: string[]) =>
    site.configure({ app: { path: site.folder, build, persistent: ["var/cards"] } });
  let before: string;
  let after: string;
  const masters = () => stack.ssh("pgrep --parent $(sudo supervisorctl pid)");

  describe("a release with commands of its own", () => {
    it("is built by them, as the site's user, and nothing is installed for it", async () => {
      before = stack.output("release");
      site.edit(template, heading, "New on the board");
      await building(commands);
      const preview = await stack.preview();
      assert.doesNotMatch(preview, /::wepynaire-dependencies\]/);
      assert.ok(changedLines(preview).includes(`+ build_1 ${commands[0] ?? ""}`), preview);
      await stack.up();
      after = stack.output("release");
      assert.match((await stack.http("/")).text, /New on the board of wepynaire/);
    });

    it("fills the folders that persist, and leaves there what is newer", async () => {
      const card = "/srv/wepynaire/shared/persistent/var/cards/ace";
      assert.equal(await stack.ssh(`sudo cat ${card}`), "hearts");
      await stack.ssh(`echo spades | sudo tee ${card}`);
      await building(more);
      await stack.up();
      after = stack.output("release");
      assert.equal(await stack.ssh("sudo cat /srv/wepynaire/current/project/var/cards/ace"), "spades");
    });

    it("fails with the command that does, without a secret, beside the running one", async () => {
      await building(['echo "the key is $SECRET_KEY"; exit 7']);
      const said = await stack.failedUp();
      assert.match(
        said,
        /the key is \[secret\]\n.*release: a build command ended with status 7: echo "the key is \$SECRET_KEY"/,
      );
      assert.equal(await stack.ssh("readlink /srv/wepynaire/current"), `releases/${after}`);
      assert.match((await stack.http("/")).text, /New on the board/);
      await building(more);
    });
  });

  describe("going back", () => {
    const lost = { path: "/no/such/folder" };

    it("is one step in the preview, and needs no source", async () => {
      await site.configure({ app: { ...lost, release: before } });
      const preview = await stack.preview();
      assert.equal(countOf(preview, "to update"), 1, preview);
      assert.match(preview, /::wepynaire-activate\]/);
      assert.deepEqual(changedLines(preview), ["- migrate true", "+ migrate false"]);
      assert.doesNotMatch(preview, /to (delete|replace|create)/);
    });

    it("switches to the release that was kept, without one failed request", async () => {
      const begun = Date.now();
      const answers = await meanwhile(
        () => stack.http("/"),
        async () => {
          assert.equal(countOf(await stack.up(), "updated"), 1);
        },
      );
      assert.ok(Date.now() - begun < 30_000);
      assert.deepEqual([...new Set(answers)], [200]);
      assert.equal(stack.output("release"), before);
      assert.match((await stack.http("/")).text, /Fresh from the board/);
      await stack.up("--expect-no-changes");
    });

    it("to a release that is not kept is refused with those that are, and nothing happens", async () => {
      await site.configure({ app: { ...lost, release: "0123456789ab-4d5e" } });
      const running = await masters();
      const said = await stack.failedUp();
      assert.match(
        said,
        new RegExp(`${before}, active, folder .*\n.*${after}, last active 20.* UTC, folder `),
      );
      assert.match(
        said,
        /activate: release 0123456789ab-4d5e is not kept on this machine; those above are: set app\.release/,
      );
      assert.equal(await masters(), running);
    });

    it("is over when its key is removed, with the data of the meantime", async () => {
      await building(more);
      assert.equal(countOf(await stack.up(), "updated"), 1);
      assert.equal(stack.output("release"), after);
      assert.match((await stack.http("/")).text, /New on the board[^]*A ladder to lend/);
      assert.equal(await stack.ssh("sudo cat /srv/wepynaire/current/project/var/cards/ace"), "spades");
    });
  });

  describe("another Python on the machine", () => {
    it("gets the next release a virtual environment of its own", async () => {
      const [environment = ""] = (await stack.ssh("ls /srv/wepynaire/venvs")).split("\n");
      await stack.ssh(
        `cd /srv/wepynaire/venvs && sudo mv ${environment} ${environment.replace(/3\.\d+$/, "3.0")}`,
      );
      site.edit(template, "New on the board", heading);
      await stack.up();
      assert.match((await stack.http("/")).text, /Fresh from the board/);
      assert.equal(
        await stack.ssh("readlink -e /srv/wepynaire/current/venv"),
        `/srv/wepynaire/venvs/${environment}`,
      );
    });
  });
}
