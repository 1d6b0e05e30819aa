import { strict as assert } from "node:assert";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, paths } from "../../tools/toolchain/environment";
import { countOf } from "../support/diff";
import { eventually } from "../support/eventually";
import { ask, type HttpAnswer } from "../support/http";
import { Stack } from "../support/stack";

describe("two sites on one server, as the example has them", () => {
  const folder = join(paths.local, "two-sites-test");
  const program = join(folder, "index.ts");
  const stack = new Stack({ folder, project: "two-sites" });
  before(async () => {
    cpSync(join(checkout, "examples/two-sites"), folder, { recursive: true });
    edit((text) => text.replaceAll('"../wepynaire"', '"../../examples/wepynaire"'));
    await stack.init();
    await stack.configure({}, { emailPassword: "-hush-" });
  });
  after(async () => {
    await stack.close();
    rmSync(folder, { recursive: true });
  });

  function edit(change: (text: string) => string): void {
    const text = readFileSync(program, "utf8");
    const changed = change(text);
    assert.notEqual(changed, text);
    writeFileSync(program, changed);
  }

  const urls = (): string[] => JSON.parse(stack.output("urls")) as string[];
  const get = (host: string, path = "/"): Promise<HttpAnswer> =>
    ask(Number(new URL(urls()[0] ?? "").port), path, { host });

  it("are both online after one `pulumi up`, each at its own domain", async () => {
    await stack.up();
    assert.deepEqual(
      urls().map((url) => new URL(url).hostname),
      ["board.localhost", "club.localhost"],
    );
    for (const host of ["board.localhost", "club.localhost", "www.club.localhost"])
      assert.equal((await get(host)).status, 200, host);
    await assert.rejects(get("shop.localhost"), { code: "ECONNRESET" });
  });

  it("have users, releases, programs and secrets of their own", async () => {
    const users = await stack.ssh("ps -o user= -p $(pgrep -d, -f '/bin/gunicor[n]') | sort -u");
    assert.equal(users, "board\nclub");
    assert.equal(await stack.ssh("ls /etc/supervisor/conf.d"), "board-gunicorn.conf\nclub-gunicorn.conf");
    const others = "/etc/django-server/club /srv/club/shared/data /run/club /var/log/club";
    const read = await stack.ssh(
      `cd /; for path in ${others}; do sudo -u board ls "$path" 2>/dev/null && echo "$path is open"; done; true`,
    );
    assert.equal(read, "");
    const secret = await stack.ssh(
      "sudo grep --recursive --files-with-matches -e -hush- /etc /srv /run || true",
    );
    assert.match(secret, /^\/etc\/django-server\/club\//m);
    assert.doesNotMatch(secret, /board/);
  });

  it("change one without the other", async () => {
    const masters = await stack.ssh("pgrep -u board -f '/bin/gunicor[n]' | sort");
    edit((text) => text.replace("bodySize: 50", "bodySize: 60"));
    const said = await stack.up();
    assert.equal(countOf(said, "updated"), 1);
    edit((text) => text.replace('DEFAULT_FROM_EMAIL: "club@', 'DEFAULT_FROM_EMAIL: "hello@'));
    await stack.up();
    assert.equal(await stack.ssh("pgrep -u board -f '/bin/gunicor[n]' | sort"), masters);
  });

  it("part without a touch to the one that stays", async () => {
    const masters = await stack.ssh("pgrep -u board -f '/bin/gunicor[n]' | sort");
    const files = await stack.ssh("sudo find /etc/django-server/board /srv/board -type f | sort | sha256sum");
    edit((text) => text.replace(/ {6}await defineSite\(\{\n {8}name: "club"[\s\S]*?\n {6}\}\),\n/, ""));
    const said = await stack.up();
    assert.equal(countOf(said, "updated") + countOf(said, "replaced") + countOf(said, "created"), 0, said);
    assert.equal(await stack.ssh("pgrep -u board -f '/bin/gunicor[n]' | sort"), masters);
    assert.equal(
      await stack.ssh("sudo find /etc/django-server/board /srv/board -type f | sort | sha256sum"),
      files,
    );
    assert.equal((await get("board.localhost")).status, 200);
    await eventually(5, () => assert.rejects(get("club.localhost"), { code: "ECONNRESET" }));
    assert.equal(await stack.ssh("ls /etc/supervisor/conf.d"), "board-gunicorn.conf");
    assert.equal(await stack.ssh("pgrep -u club || true"), "");
    assert.equal(await stack.ssh("ls /srv/club"), "shared", "a site's data stays");
  });

  it("say no secret", () => {
    assert.ok(!stack.transcript.includes("-hush-"));
    assert.ok(!stack.state().includes("-hush-"));
  });
});
