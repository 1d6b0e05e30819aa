import { strict as assert } from "node:assert";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { secretSchema, stackSchema } from "../../components/settings/schema";
import { checkout, pulumiEnvironment } from "../../tools/toolchain/environment";
import { djangoProject, Workspace } from "../source/workspace";
import { execute, type Run } from "../support/stack";

const stack = "settings-test";
const folder = mkdtempSync(join(tmpdir(), "settings-engine-"));
const project = join(folder, "project");
const workspace = new Workspace();
const file = join(project, `Pulumi.${stack}.yaml`);

function pulumi(args: string[], input = ""): Promise<Run> {
  const env = {
    ...pulumiEnvironment(),
    ...{ PULUMI_BACKEND_URL: `file://${join(folder, "state")}`, PULUMI_CONFIG_PASSPHRASE: "settings" },
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
  };
  return execute("pulumi", [...args, "--stack", stack, "--non-interactive", "--color", "never"], {
    env,
    input,
  });
}

async function succeed(args: string[], input?: string): Promise<string> {
  const { code, text } = await pulumi(args, input);
  assert.equal(code, 0, text);
  return text;
}

const set = (path: string, ...value: string[]) =>
  succeed(["config", "set", "--cwd", project, "--path", path, ...value]);

const preview = (...args: string[]) => pulumi(["preview", "--cwd", checkout, "--config-file", file, ...args]);

describe("the settings on the real engine", () => {
  before(async () => {
    mkdirSync(join(folder, "state"));
    mkdirSync(project);
    // Beside the checkout, so that the stack's settings file does not land in it.
    copyFileSync(join(checkout, "Pulumi.yaml"), join(project, "Pulumi.yaml"));
    await succeed(["stack", "init", "--cwd", project, "--no-select"]);
  });
  after(() => {
    rmSync(folder, { recursive: true });
    workspace.remove();
  });

  it("are all declared in Pulumi.yaml, each of them optional there", async () => {
    const shown = JSON.parse(await succeed(["config", "--json", "--cwd", project])) as Record<
      string,
      unknown
    >;
    const known = Object.keys({ ...stackSchema.shape, ...secretSchema.shape });
    const own = Object.keys(shown).filter((key) => key !== "aws:region");
    assert.deepEqual(own.sort(), known.map((key) => `django-server:${key}`).sort());
  });

  it("can be set one by one with `pulumi config set`", async () => {
    await set("site.name", "shop");
    await set("site.domains[0]", "shop.example.org");
    await set("app.path", "examples/wepynaire");
    await set("gunicorn.threads", "3");
    await set("gunicorn.workers", "2", "--type", "string");
    await set("nginx.gzip", "false");
    await set("nginx.snippet", "location = /x {\n    return 204;\n}");
    await succeed(
      ["config", "set", "--cwd", project, "--secret", "--path", "secretEnvironment.STRIPE_KEY"],
      "-hush-\n",
    );
    assert.ok(!readFileSync(file, "utf8").includes("-hush-"));
    const { code, text } = await preview("--json");
    assert.equal(code, 0, text);
    const files = [
      "threads = 3\\n",
      "workers = 2\\n",
      "server_name shop.example.org;",
      "gzip off;",
      "= /x {\\n    return 204;",
    ];
    for (const part of ["shop-nginx-site", ...files])
      assert.ok(text.includes(part), `${part} is not in:\n${text}`);
    assert.ok(!text.includes("-hush-"));
  });

  it("show the state of the source: its commit as information, what nobody else has as a warning", async () => {
    const { base } = workspace;
    workspace.write("app", djangoProject);
    const commit = workspace.commit("app", "The first").slice(0, 12);
    workspace.write("app", { "new.py": "" });
    await set("app.path", `${base}/app`);
    await succeed(["config", "set", "--cwd", project, "--secret", "gitToken"], "-hush-\n");
    const { code, text } = await preview();
    assert.equal(code, 0, text);
    assert.match(text, new RegExp(`shop: The folder is in git at ${commit} \\(The first\\)`));
    assert.match(text, /warning: shop: 1 file that git does not track, sent too: new\.py\./);
    assert.doesNotMatch(text, /-hush-/);
  });

  it("tell every mistake in one preview that fails, without a stack trace", async () => {
    const salt = /^encryptionsalt:.*\n/m.exec(readFileSync(file, "utf8"))?.[0] ?? "";
    const config = {
      machine: { kind: "docker" },
      site: { name: "../x", domains: ["a b", "a;b", "$(id)"] },
      app: { path: "no/such/folder" },
      sit: "x",
      gunicorn: { workrs: 3 },
      environment: { "A-B": "x" },
      secretEnvironment: { PLAIN: "-hush-" },
      health: { status: "500-200" },
    };
    const entries = Object.entries(config).map(([key, value]) => [`django-server:${key}`, value]);
    writeFileSync(file, `${salt}config: ${JSON.stringify(Object.fromEntries(entries))}\n`);
    const { code, text } = await preview();
    assert.notEqual(code, 0);
    const keys = [
      "machine.kind",
      "site.name",
      "site.domains[0]",
      "site.domains[1]",
      "site.domains[2]",
      "app.path",
    ];
    for (const key of [
      ...keys,
      "sit",
      "gunicorn.workrs",
      "environment.A-B",
      "secretEnvironment",
      "health.status",
    ]) {
      assert.ok(text.includes(`  ${key}: `), `${key} is not in the report:\n${text}`);
    }
    assert.match(text, /the settings of stack settings-test have 11 mistakes; nothing was changed/);
    assert.doesNotMatch(text, /\n\s+at |node_modules|-hush-|unhandled/i);
  });
});
