import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { readDependencies } from "../../components/source/dependencies";
import { problemOf, Workspace, type Files } from "./workspace";

const golden = (name: string) => readFileSync(path.join(__dirname, "golden", name), "utf8");

describe("the dependencies of a project", () => {
  let workspace: Workspace;
  beforeEach(() => (workspace = new Workspace()));
  afterEach(() => {
    workspace.remove();
  });

  const read = async (files: Files, dependencies?: string, root = "") =>
    readDependencies(
      await workspace.project(files, root),
      dependencies === undefined ? {} : { dependencies },
    );

  const lockOf = (...names: string[]) =>
    names.map((name) => `[[package]]\nname = "${name}"\nversion = "1"\n`).join("\n");
  const pyproject = (dependencies: string[], more = "") =>
    `[project]\nname = "mysite"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ${JSON.stringify(dependencies)}\n${more}`;
  const pipenv = (sha256: string): Files => ({
    Pipfile: golden("Pipfile"),
    "Pipfile.lock": golden("hashed.lock.json").replace(/"sha256": "\w{64}"/, `"sha256": "${sha256}"`),
  });
  const pipfileHash = "254339378b9f837e85d73408c428234e50f6cd1857fce05b7567013c163f6fb9";

  it("come from requirements.txt", async () => {
    const found = await read({ "requirements.txt": "django==5.2.1\n", ".python-version": "3.12.1\n" });
    assert.equal(found.kind, "requirements");
    assert.deepEqual(found.files, { "requirements.txt": "django==5.2.1\n" });
    assert.equal(found.pythonRequires, "==3.12.*");
    assert.deepEqual(found.findings, ["Dependencies: requirements.txt; gunicorn is added."]);
  });

  it("are served by uvicorn's worker where the interface is ASGI, in an environment of its own", async () => {
    const text = "django==5.2.1\nuvicorn[standard]==0.54.0\n";
    const project = await workspace.project({ "requirements.txt": text });
    const [wsgi, asgi] = [
      await readDependencies(project),
      await readDependencies(project, { interface: "asgi" }),
    ];
    assert.deepEqual(asgi.findings, [
      "Dependencies: requirements.txt; gunicorn, uvicorn-worker and websockets are added.",
    ]);
    assert.deepEqual(asgi.files, wsgi.files);
    assert.notEqual(asgi.id, wsgi.id);
  });

  it("have an id of kind and content, not of comments", async () => {
    const id = async (text: string) => (await read({ "requirements.txt": text })).id;
    const first = await id("django==5.2.1\n");
    assert.match(first, /^[0-9a-f]{12}$/);
    assert.equal(await id("# pinned\ndjango==5.2.1 # yes\n"), first);
    assert.notEqual(await id("django==5.2.2\n"), first);
  });

  it("come from a requirements folder's production file, else its base file", async () => {
    const folder = {
      "requirements/base.txt": "django==5\n",
      "requirements/local.txt": "-r base.txt\npytest==1\n",
    };
    assert.match((await read(folder)).findings[0] ?? "", /requirements\/base\.txt/);
    const production = { ...folder, "requirements/production.txt": "-r base.txt\nGunicorn==23\n" };
    const found = await read(production);
    assert.deepEqual(found.files, { "requirements.txt": "django==5\nGunicorn==23\n" });
    assert.doesNotMatch(found.findings[0] ?? "", /added/);
    const both = await problemOf(() => read({ ...production, "requirements/prod.txt": "" }));
    assert.match(both.value, /production\.txt and requirements\/prod\.txt/);
  });

  it("come from a Pipfile.lock of the present Pipfile", async () => {
    const found = await read(pipenv(pipfileHash));
    assert.equal(found.kind, "pipfile");
    assert.deepEqual(found.files, { "requirements.txt": golden("hashed.txt") });
    assert.doesNotMatch(found.findings[0] ?? "", /added/);
    assert.equal(found.pythonRequires, "==3.11.*");
  });

  it("are refused when the Pipfile is newer than its lock, has none, or the lock is not one", async () => {
    const { fix, value } = await problemOf(() => read(pipenv("0".repeat(64))));
    assert.match(`${value} ${fix}`, /Pipfile\.lock is older than Pipfile.*`pipenv lock`/);
    assert.match((await problemOf(() => read({ Pipfile: golden("Pipfile") }))).fix, /pipenv lock/);
    assert.match(
      (await problemOf(() => read({ "Pipfile.lock": "<<<<<<< HEAD\n" }))).value,
      /not a Pipfile\.lock/,
    );
    assert.match(
      (await problemOf(() => read({ ...pipenv(pipfileHash), Pipfile: "[packages\n" }))).value,
      /not TOML in line 1/,
    );
  });

  it("come from uv.lock with pyproject.toml", async () => {
    const files = {
      "pyproject.toml": pyproject(["Django>=5", "gunicorn"]),
      "uv.lock": `${lockOf("django", "gunicorn")}\n[[package]]\nname = "mysite"\nversion = "1"\nsource = { virtual = "." }\n`,
    };
    const found = await read(files);
    assert.equal(found.kind, "uv");
    assert.deepEqual(found.files, files);
    assert.doesNotMatch(found.findings[0] ?? "", /added/);
    assert.equal(found.pythonRequires, ">=3.11");
  });

  it("come from poetry.lock with pyproject.toml, Poetry's own or the standard's", async () => {
    const own = `[tool.poetry.dependencies]\npython = "^3.11"\ndjango = "^5.2"\n`;
    const found = await read({ "pyproject.toml": own, "poetry.lock": lockOf("django") });
    assert.equal(found.kind, "poetry");
    assert.equal(found.pythonRequires, ">=3.11,<4");
    assert.match(found.findings[0] ?? "", /; gunicorn is added\.$/);
    assert.equal(
      (await read({ "pyproject.toml": pyproject(["django"]), "poetry.lock": lockOf("django") }))
        .pythonRequires,
      ">=3.11",
    );
    assert.match(
      (await problemOf(() => read({ "pyproject.toml": own }, "pyproject.toml").then(() => read({})))).fix,
      /poetry lock/,
    );
  });

  it("are refused when a lock lacks what pyproject.toml asks for, unless a marker may exclude it", async () => {
    const stale = {
      "pyproject.toml": pyproject(["django", "Pillow", "tomli; python_version < '3.11'"]),
      "uv.lock": lockOf("django"),
    };
    const problem = await problemOf(() => read(stale));
    assert.match(`${problem.value} ${problem.fix}`, /uv\.lock lacks pillow of pyproject\.toml.*`uv lock`/);
    assert.equal((await read({ ...stale, "uv.lock": lockOf("django", "pillow") })).kind, "uv");
  });

  it("are refused when a lock points to folders of this computer, or has no pyproject.toml", async () => {
    const lock = `${lockOf("django")}\n[[package]]\nname = "shared"\nversion = "1"\nsource = { editable = "../shared" }\n`;
    assert.match(
      (await problemOf(() => read({ "pyproject.toml": pyproject(["django"]), "uv.lock": lock }))).value,
      /local packages: shared/,
    );
    assert.match(
      (await problemOf(() => read({ "uv.lock": lock }))).value,
      /uv\.lock without pyproject\.toml/,
    );
  });

  it("come from pyproject.toml alone, which is said to pin nothing", async () => {
    const found = await read({ "pyproject.toml": pyproject(["django>=5"]) });
    assert.equal(found.kind, "pyproject");
    assert.match(found.findings[1] ?? "", /not pinned/);
  });

  it("do not come from a pyproject.toml of tool settings, nor one whose dependencies are in requirements.txt", async () => {
    const tools = { "pyproject.toml": "[tool.ruff]\nline-length = 100\n", "requirements.txt": "django==5\n" };
    assert.equal((await read(tools)).kind, "requirements");
    const dynamic = `[project]\nname = "x"\ndynamic = ["dependencies"]\n`;
    assert.equal((await read({ ...tools, "pyproject.toml": dynamic })).kind, "requirements");
  });

  it("are refused when two files name them, until one is chosen", async () => {
    const files = {
      ...pipenv(pipfileHash),
      "requirements.txt": "django==5\n",
      "pyproject.toml": pyproject(["django"]),
    };
    const problem = await problemOf(() => read(files));
    assert.equal(problem.key, "app.dependencies");
    assert.equal(problem.value, "several: Pipfile.lock, requirements.txt and pyproject.toml");
    assert.match(problem.fix, /Set app\.dependencies/);
    const kinds = ["Pipfile", "Pipfile.lock", "requirements.txt", "pyproject.toml"].map((name) =>
      read(files, name),
    );
    assert.deepEqual(
      (await Promise.all(kinds)).map(({ kind }) => kind),
      ["pipfile", "pipfile", "requirements", "pyproject"],
    );
  });

  it("are refused when there are none, or the chosen file is missing", async () => {
    assert.match((await problemOf(() => read({ "manage.py": "" }))).value, /no file names/);
    assert.match((await problemOf(() => read({ "manage.py": "" }, "reqs.txt"))).value, /no reqs\.txt/);
  });

  it("are found beside manage.py and at the top, not both", async () => {
    const top = { "src/manage.py": "", "requirements.txt": "django==5\n" };
    assert.match((await read(top, undefined, "src")).findings[0] ?? "", /: requirements\.txt/);
    const both = { ...top, "src/requirements.txt": "django==4\n" };
    assert.match(
      (await problemOf(() => read(both, undefined, "src"))).value,
      /requirements\.txt and src\/requirements\.txt/,
    );
    assert.deepEqual((await read(both, "src/requirements.txt", "src")).files, {
      "requirements.txt": "django==4\n",
    });
  });

  it("are refused with credentials in whatever file is sent, without repeating them", async () => {
    const files = {
      "pyproject.toml": pyproject(["django"], '[[tool.uv.index]]\nurl = "https://me:s3cret@example.com"\n'),
      "uv.lock": lockOf("django"),
    };
    const problem = await problemOf(() => read(files));
    assert.match(problem.value, /credentials in pyproject\.toml/);
    assert.ok(!JSON.stringify(problem).includes("s3cret"));
  });
});
