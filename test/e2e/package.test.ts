import { strict as assert } from "node:assert";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { checkout, paths, pulumiEnvironment, searchPath } from "../../tools/toolchain/environment";
import { ask } from "../support/http";
import { buildLanguageHosts, hosts } from "../support/languageHosts";
import { skip } from "../support/skip";
import { execute, Stack } from "../support/stack";

/** Packages from the Python package index, pinned. */
const packages = ["pulumi==3.259.0", "mypy==2.4.1", "setuptools==82.0.1"];

describe("the package for programs in other languages", () => {
  const work = join(paths.local, "package-test");
  const python = join(work, "python", "venv");
  const path = [join(python, "bin"), hosts, searchPath()].join(delimiter);
  const env = { ...pulumiEnvironment(), PATH: path };
  /** The folder of the package; of its program, where the language host is too old to run a package. */
  let plugin = join(checkout, "plugin");
  let schema = "";

  before(async function () {
    this.timeout(900_000);
    if ((await execute("go", ["version"], {})).code !== 0) skip(this, "the language hosts are built with Go");
    rmSync(work, { recursive: true, force: true });
    await buildLanguageHosts();
    let got = await execute("pulumi", ["package", "get-schema", plugin], { env });
    if (got.code !== 0) {
      plugin = join(plugin, "bin");
      got = await execute(
        "pulumi",
        ["package", "get-schema", join(plugin, "pulumi-resource-django-server")],
        {
          env,
        },
      );
    }
    assert.equal(got.code, 0, got.text);
    schema = got.stdout;
  });
  after(() => {
    rmSync(work, { recursive: true, force: true });
  });

  /** A copy of an example, which finds the package and the sample site from where it lies. */
  function example(name: string): Stack {
    const folder = join(work, name);
    cpSync(join(checkout, "examples", name), folder, { recursive: true });
    // The YAML language host that a registry has starts packages as an older Pulumi does: as programs.
    const program = name === "yaml" ? join(checkout, "plugin", "bin") : plugin;
    for (const file of name === "yaml" ? ["Pulumi.yaml"] : ["Pulumi.yaml", "__main__.py"]) {
      const place = join(folder, file);
      const text = readFileSync(place, "utf8")
        .replaceAll("../../plugin", program)
        .replaceAll("../wepynaire", join(checkout, "examples/wepynaire"));
      writeFileSync(place, text);
    }
    const stack = new Stack({ folder, project: name });
    stack.variables = { PATH: path };
    return stack;
  }

  async function comesOnline(stack: Stack): Promise<void> {
    try {
      await stack.init();
      await stack.up();
      const [url = ""] = JSON.parse(stack.output("urls")) as string[];
      const { hostname, port } = new URL(url);
      assert.equal(hostname, "board.localhost");
      const answer = await ask(Number(port), "/", { host: hostname });
      assert.match(answer.text, /<title>[^<]*Wepynaire/);
      await stack.up("--expect-no-changes");
      assert.doesNotMatch(stack.state(), /PRIVATE KEY/);
    } finally {
      await stack.close();
    }
  }

  it("puts a site online from a program in YAML", () => comesOnline(example("yaml")));

  it("tells every mistake in it at once, before anything is made", async () => {
    const stack = example("yaml");
    const file = join(work, "yaml", "Pulumi.yaml");
    const wrong = readFileSync(file, "utf8")
      .replace("board.localhost", "a b")
      .replace("/healthz", "healthz")
      .replace("kind: container", "kind: docker");
    writeFileSync(file, wrong);
    try {
      await stack.init();
      const said = await stack.failedUp();
      assert.match(said, /the settings of site board have 2 mistakes; nothing was changed/);
      assert.match(said, /the settings of the machine have one mistake/);
      assert.match(said, /machine\.kind: "docker"/);
      assert.match(said, /site\.domains\[0\]: "a b"/);
      assert.match(said, /health\.path: "healthz"/);
    } finally {
      await stack.close();
    }
  });

  describe("for Python", () => {
    before(async function () {
      this.timeout(600_000);
      const sdk = join(work, "sdk");
      const made = await execute(join(hosts, "python-sdk"), [sdk], { input: schema });
      assert.equal(made.code, 0, made.text);
      assert.equal((await execute("python3", ["-m", "venv", python], {})).code, 0);
      const install = ["install", "--quiet", "--disable-pip-version-check", ...packages];
      const installed = await execute(join(python, "bin", "pip"), install, {});
      assert.equal(installed.code, 0, installed.text);
      const own = await execute(
        join(python, "bin", "pip"),
        ["install", "--quiet", "--no-build-isolation", "--disable-pip-version-check", sdk],
        {},
      );
      assert.equal(own.code, 0, own.text);
    });

    const check = (...args: string[]) => execute(join(python, "bin", "mypy"), args, { cwd: work });

    it("has types that a checker finds nothing wrong with, but for what Pulumi adds to each package", async () => {
      const { text } = await check("-p", "pulumi_django_server");
      const ours = text.split("\n").filter((line) => /: error:/.test(line) && !/_utilities\.py:/.test(line));
      assert.match(text, /checked \d+ source files/);
      assert.deepEqual(ours, []);
    });

    it("checks programs by them", async () => {
      const program = join(checkout, "examples/python/__main__.py");
      const right = await check("--strict", program);
      assert.equal(right.code, 0, right.text);
      const wrong = join(work, "wrong.py");
      writeFileSync(wrong, readFileSync(program, "utf8").replace("domains=", "domain="));
      const found = await check("--strict", wrong);
      assert.match(found.text, /Unexpected keyword argument "domain" for "SiteArgs"/);
    });

    it("tells in them what the settings reference tells", async () => {
      const help = ["-c", "import pulumi_django_server as p; print(p.MachineArgs.__init__.__doc__)"];
      const { text } = await execute(join(python, "bin", "python"), help, {});
      assert.match(text, /ssh_from: Who may use SSH\./);
    });

    it("puts a site online from a program in it", () => comesOnline(example("python")));
  });
});
