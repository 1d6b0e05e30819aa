import { strict as assert } from "node:assert";

import { meanwhile } from "../../support/eventually";
import type { SampleSite } from "../../support/sampleSite";
import type { Status } from "../../../tools/verbs/statusLines";

const site = "/etc/django-server/wepynaire";
const nginxSite = "/etc/nginx/sites-available/wepynaire";
const program = "/etc/supervisor/conf.d/wepynaire-gunicorn.conf";

/** What somebody may do to a machine by hand. */
const changes = `set -e
sudo sed -i 's/^upstream/# by hand\\n&/' ${nginxSite}
sudo rm ${program}
echo COLOUR=by-hand | sudo tee -a ${site}/environment
echo TOKEN=handmade-token | sudo tee -a ${site}/secrets
sudo chmod 0644 ${site}/secrets
sudo sed -i 's#^\\(wepynaire:.*\\):/srv/wepynaire:.*#\\1:/home/wepynaire:/bin/bash#' /etc/passwd
sudo ln -sfn releases/none /srv/wepynaire/current
sudo apt-get -q -y remove nginx >/dev/null 2>&1`;

/** The verbs for the day after, drift and its repair. */
export function dayAfter(sample: SampleSite): void {
  const { stack } = sample;

  const status = async (...args: string[]): Promise<{ code: number; status: Status }> => {
    const { code, stdout } = await stack.verb("status", ["--json", ...args]);
    return { code, status: JSON.parse(stdout) as Status };
  };

  describe("the day after, npm run status", () => {
    it("says that all is well, in a table without colours where there is no terminal", async () => {
      const { code, text } = await stack.verb("status");
      assert.equal(code, 0, text);
      assert.match(text, new RegExp(`^site +${stack.output("url")} +answers 200$`, "m"));
      assert.match(text, /^gunicorn-\d +(running|starting) .* MB\ngunicorn-\d +(running|starting) .* MB$/m);
      assert.match(text, /^database +\d+ kB +SQLite 3\S+, \/srv\/wepynaire\/shared\/data\/db\.sqlite3$/m);
      assert.match(text, /^drift +none +of \d\d things/m);
      assert.ok(!text.includes("\u001b"));
    });

    it("names all that was changed by hand, and how, but no secret", async () => {
      await stack.ssh(changes);
      const { code, text } = await stack.verb("status", ["--diff"]);
      assert.equal(code, 3, text);
      for (const line of [
        /^site .* down: .*refused/m,
        /^release +none/m,
        /missing +package +nginx$/m,
        /changed +service +nginx .*state inactive, not active/m,
        /changed +user +wepynaire +home \/home\/wepynaire, not \/srv\/wepynaire; shell \/bin\/bash, not/m,
        /changed +file +\S+\/environment +content\n( +.*\n)+? +-COLOUR=by-hand$/m,
        /changed +file +\S+\/secrets +mode 0644, not 0640; content\n {2}\w/m,
        /missing +file +\S+-gunicorn\.conf$/m,
        /changed +file +\S+sites-available\/wepynaire +content\n( +.*\n)+? +-# by hand$/m,
        /changed +link +\S+\/current +target releases\/none, not releases\/\S+$/m,
        /^Repair: pulumi up --config repair=\S+$/m,
      ]) {
        assert.match(text, line);
      }
      assert.doesNotMatch(text, /handmade-token/);
      assert.equal((await status()).status.drift.length, 8);
    });

    it("has nothing to name any more after one deploy", async () => {
      await sample.configure({ repair: "the day after" });
      await stack.up();
      const { code, status: now } = await status();
      assert.deepEqual(now.drift, []);
      assert.equal(code, 0);
      assert.equal(now.release?.id, stack.output("release"));
      assert.equal((await stack.http("/")).status, 200);
      assert.equal(
        await stack.ssh(`sudo grep -c -e by-hand -e handmade ${site}/environment ${site}/secrets || true`),
        `${site}/environment:0\n${site}/secrets:0`,
      );
      await stack.up("--expect-no-changes");
    });

    it("sees code that was changed by hand", async () => {
      const file = "/srv/wepynaire/current/project/board/views.py";
      await stack.ssh(`sudo sed -i -e '$a # by hand' ${file}`);
      const { code, status: now } = await status();
      assert.equal(code, 4);
      assert.ok(now.drift[0]?.what[0]?.includes("board/views.py"), JSON.stringify(now.drift));
      await stack.ssh(`sudo sed -i '$d' ${file}; sudo touch /srv/wepynaire/current/.complete`);
      assert.equal((await status()).code, 0);
    });
  });

  describe("the day after, a command", () => {
    it("of manage.py gets its words as they are, and passes on its exit status", async () => {
      const words = `it's "quoted" $HOME \`id\` é;&|<>*`;
      const echo = `import sys, os; print(os.environ["VIRTUAL_ENV"]); print(${JSON.stringify(words)}); sys.exit(7)`;
      const { code, stdout } = await stack.verb("manage", ["shell", "--verbosity", "0", "--command", echo]);
      assert.equal(code, 7);
      assert.equal(stdout, `/srv/wepynaire/releases/${stack.output("release")}/venv\n${words}\n`);
    });

    it("of Python goes to Django's shell on standard input", async () => {
      const script = "from board.models import Note\nprint('notes:', Note.objects.exists())\n";
      const { code, stdout } = await stack.verb("shell", [], script);
      assert.equal(code, 0);
      assert.match(stdout, /^notes: True$/m);
    });

    it("for the logs finds each line behind its program's name", async () => {
      await stack.http("/?looked-for");
      const { code, stdout } = await stack.verb("logs", ["access", "gunicorn-1", "--lines", "20"]);
      assert.equal(code, 0);
      assert.match(stdout, /^access +\| .*GET \/\?looked-for /m);
      assert.match(stdout, /^gunicorn-1 \| .*gunicorn/m);
      assert.match(
        (await stack.verb("logs", ["nobody"])).text,
        /there is no log nobody; there are: gunicorn, /,
      );
    });
  });

  describe("the day after, npm run rollback", () => {
    it("goes to the release before, and forward again, without one failed request", async () => {
      const release = stack.output("release");
      const answers = await meanwhile(
        () => stack.http("/"),
        async () => {
          const said = await stack.rollback();
          const [, before = "none"] = /^Going back to (\S+)\.$/m.exec(said) ?? [];
          assert.equal(await stack.ssh("readlink /srv/wepynaire/current"), `releases/${before}`);
          assert.notEqual(before, release);
          await stack.rollback("--forward");
        },
      );
      assert.deepEqual([...new Set(answers)], [200]);
      assert.equal(await stack.ssh("readlink /srv/wepynaire/current"), `releases/${release}`);
      await stack.up("--expect-no-changes");
    });

    it("refuses a release that is not kept, and leaves the settings as they are", async () => {
      await assert.rejects(stack.rollback("0123456789ab-4d5e"), /release 0123456789ab-4d5e is not kept/);
      await stack.up("--expect-no-changes");
    });
  });
}
