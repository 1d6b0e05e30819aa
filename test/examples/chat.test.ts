import { strict as assert } from "node:assert";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { uv } from "../../components/versions";
import { checkout } from "../../tools/toolchain/environment";
import { skip } from "../support/skip";
import { execute } from "../support/stack";

/** On this computer, as a developer has it: the machines that the site is put on are in test/e2e. */
describe("the sample chat", () => {
  const folder = mkdtempSync(join(tmpdir(), "chat-test-"));
  const app = join(folder, "chat");
  const python = join(folder, "venv/bin/python");
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const succeed = async (program: string, ...args: string[]): Promise<string> => {
    const env = {
      ...process.env,
      UV_PROJECT_ENVIRONMENT: join(folder, "venv"),
      UV_PYTHON_DOWNLOADS: "never",
    };
    const { code, text } = await execute(program, args, { env, cwd: app });
    assert.equal(code, 0, text);
    return text;
  };

  before(async function () {
    cpSync(join(checkout, "examples/chat"), app, {
      recursive: true,
      filter: (file) => !/^(\.venv|__pycache__|media|staticfiles|db\.sqlite3.*)$/.test(basename(file)),
    });
    const suits = "import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))";
    if ((await execute("python3", ["-c", suits], { cwd: folder })).code !== 0)
      skip(this, "there is no Python 3.11 or newer with venv");
    await succeed("python3", "-m", "venv", join(folder, "tools"));
    await succeed(join(folder, "tools/bin/pip"), "install", "--quiet", `uv==${uv.version}`);
    await succeed(join(folder, "tools/bin/uv"), "sync", "--quiet", "--locked");
  });

  it("passes its own tests", async () => {
    assert.match(await succeed(python, "manage.py", "test"), /\nRan \d\d tests in [^]*\nOK/);
  });

  it("has a migration for each change of its models", async () => {
    await succeed(python, "manage.py", "makemigrations", "--check", "--dry-run");
  });
});
