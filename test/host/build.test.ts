import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { renderEnvironment } from "../../components/render/environment";
import { hostText, runWith } from "./bash";

describe("the build commands of an app", () => {
  const folder = mkdtempSync(join(tmpdir(), "build-test-"));
  const log = join(folder, "build.log");
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** The library with its folders moved, and the commands run as oneself. */
  async function build(commands: readonly string[], seconds = 900) {
    writeFileSync(join(folder, "generated"), renderEnvironment({ SECRET_KEY: "a-generated-key" }));
    writeFileSync(
      join(folder, "secrets"),
      renderEnvironment({ QUOTED: "it's $HOME\nline two # ;", SHORT: "no" }),
    );
    const library = ["secrets", "build"]
      .map((name) => hostText(`lib/${name}.sh`))
      .join("\n")
      .replaceAll(/\/var\/log\/\$site|\/etc\/django-server\/\$site(\/next)?/g, folder)
      .replace("build_seconds=900", `build_seconds=${seconds}`);
    const facts = commands.map((command, index) => `fact[build_${index + 1}]=$${index + 1}`).join("\n");
    return runWith(
      ["common"],
      `${library}\ndeclare -A fact\n${facts}\nas_release=(env) site=mysite\nrun_build`,
      commands,
    );
  }

  it("run one after the other; what they say goes to a log", async () => {
    const { status, stdout, stderr } = await build([
      "echo one; echo two >&2",
      'test "$HOME" = /var/cache/django-server-mysite && echo "3  $0"',
    ]);
    assert.deepEqual([status, stdout, stderr], [0, "", ""]);
    const said = readFileSync(log, "utf8");
    assert.match(said, /^\$ echo one; echo two >&2\none\ntwo\n\$ test .*\n3 {2}bash\n$/);
  });

  it("are none by default", async () => {
    assert.equal((await build([])).status, 0);
    assert.equal(readFileSync(log, "utf8"), "");
  });

  it("fail with their status and last lines, and the next ones are not run", async () => {
    const { status, stderr } = await build([
      "echo first",
      "echo before; sh -c 'exit 7'; echo after",
      "echo third",
    ]);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /\nbefore\na-step: a build command ended with status 7: echo before; .*; the running release is untouched\n$/,
    );
    assert.doesNotMatch(readFileSync(log, "utf8"), /\nafter\n|\nthird\n/);
  });

  it("fail with the first command of a pipe as well", async () => {
    assert.match((await build(["false | cat"])).stderr, /ended with status 1: false \| cat/);
  });

  it("say no secret in what is shown of them", async () => {
    const { stderr } = await build([
      "printf '%s\\n' a-generated-key \"it's \\$HOME\" 'line two # ;' no; exit 3",
    ]);
    assert.match(stderr, /\n\[secret\]\n\[secret\]\n\[secret\]\nno\na-step: /);
  });

  it("say no password of the superuser's either, and their name, which is a word of many", async () => {
    writeFileSync(
      join(folder, "superuser"),
      renderEnvironment({ DJANGO_SUPERUSER_USERNAME: "admin", DJANGO_SUPERUSER_PASSWORD: "it's -hush-" }),
    );
    const { stderr } = await build(['echo "django.contrib.admin: it\'s -hush-"; exit 3']);
    rmSync(join(folder, "superuser"));
    assert.match(stderr, /\ndjango\.contrib\.admin: \[secret\]\na-step: /);
  });

  it("have an end", async () => {
    const { stderr } = await build(["sleep 60"], 1);
    assert.match(
      stderr,
      /a-step: the build took more than 1 s, in: sleep 60; the running release is untouched/,
    );
  });
});
