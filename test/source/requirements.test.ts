import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { listFolder } from "../../components/source/folder";
import { Project } from "../../components/source/project";
import { readRequirements } from "../../components/source/requirements";
import { problemOf, problemsOf, Workspace, type Files } from "./workspace";

describe("a requirements file", () => {
  let workspace: Workspace;
  beforeEach(() => (workspace = new Workspace()));
  afterEach(() => {
    workspace.remove();
  });

  const read = async (files: Files | string, name = "requirements.txt") =>
    readRequirements(await workspace.project(typeof files === "string" ? { [name]: files } : files), name);
  const text = async (files: Files | string) => (await read(files)).files["requirements.txt"];

  it("keeps requirements, options, markers and hashes, without comments", async () => {
    const hash = "a".repeat(64);
    const given = [
      "# a comment",
      "Django==5.2.1  # why",
      "psycopg[binary, pool] >= 3 ; python_version >= '3.9'",
      "--index-url https://pypi.example.com/simple",
      "--only-binary :all:",
      "gunicorn==23.0.0 \\",
      `    --hash=sha256:${hash} \\`,
      `    --hash=sha256:${hash}`,
      "tool @ git+https://example.com/tool.git@main#subdirectory=py",
      "https://example.com/x-1.0-py3-none-any.whl",
      "",
    ].join("\r\n");
    const expected = [
      "Django==5.2.1",
      "psycopg[binary, pool] >= 3 ; python_version >= '3.9'",
      "--index-url https://pypi.example.com/simple",
      "--only-binary :all:",
      `gunicorn==23.0.0 \\\n    --hash=sha256:${hash} \\\n    --hash=sha256:${hash}`,
      "tool @ git+https://example.com/tool.git@main#subdirectory=py",
      "https://example.com/x-1.0-py3-none-any.whl",
      "",
    ].join("\n");
    assert.equal(await text(given), expected);
  });

  it("gives the names, normalised", async () => {
    const { names } = await read(
      "Django==5\nzope.interface==1\nMy_Tool[x]==2\nx @ https://example.com/x.zip\n-i https://e.com\n",
    );
    assert.deepEqual(names, ["django", "zope-interface", "my-tool", "x"]);
  });

  it("is flattened, with paths relative to the including file, each include once", async () => {
    const files = {
      "requirements.txt": "-r requirements/prod.txt\nlast==1\n",
      "requirements/prod.txt": "-r base.txt\n--requirement=../more.txt\n-rbase.txt\nprod==1\n",
      "requirements/base.txt": "base==1\n-r prod.txt\n",
      "more.txt": "more==1\n",
    };
    assert.equal(await text(files), "base==1\nmore==1\nprod==1\nlast==1\n");
  });

  it("keeps constraints apart: they install nothing", async () => {
    const { files, names } = await read({
      "requirements.txt": "-c limits.txt\ndjango\n",
      "limits.txt": "django==5.2.1\n-r others.txt\n",
      "others.txt": "sqlparse==0.5\n",
    });
    assert.deepEqual(files, {
      "requirements.txt": "-c constraints.txt\ndjango\n",
      "constraints.txt": "django==5.2.1\nsqlparse==0.5\n",
    });
    assert.deepEqual(names, ["django"]);
  });

  it("installs editable git packages plainly, as a release does not change", async () => {
    assert.equal(
      await text(
        "-e git+https://example.com/a.git@v1#egg=a[x]&subdirectory=py\n--editable git+ssh://git@example.com/b.git#egg=b\n",
      ),
      "a[x] @ git+https://example.com/a.git@v1#subdirectory=py\nb @ git+ssh://git@example.com/b.git\n",
    );
  });

  it("reads what PowerShell and Windows editors write", async () => {
    const base = workspace.write("app", {});
    writeFileSync(`${base}/requirements.txt`, Buffer.from("\uFEFFdjango==5.2.1\r\n", "utf16le"));
    const project = new Project(await listFolder(base), "");
    const { files } = await readRequirements(project, "requirements.txt");
    assert.deepEqual(files, { "requirements.txt": "django==5.2.1\n" });
    assert.equal(await text("\uFEFFdjango==5.2.1\r\n"), "django==5.2.1\n");
  });

  it("names what is not pinned", async () => {
    const { findings } = await read("django\ngunicorn>=20\nsqlparse==0.5\nx @ https://example.com/x.zip\n");
    assert.match(
      findings[0] ?? "",
      /^2 requirements in requirements\.txt without an exact version \(django and gunicorn\)/,
    );
    assert.deepEqual((await read("django==5.2.1 ; python_version > '3'\n")).findings, []);
  });

  it("refuses local paths, each with its line", async () => {
    const lines = [
      "-e .",
      ".",
      "./lib",
      "../lib",
      "/srv/lib",
      "lib/x.whl",
      "x.whl",
      "x @ file:///srv/x",
      "file:///x",
      "-e lib",
      "-f wheels",
      "x @ ./x",
    ];
    const problems = await problemsOf(() => read(`django==5\n${lines.join("\n")}\n`));
    assert.deepEqual(
      problems.map(({ key }) => key),
      lines.map((_, index) => `requirements.txt:${index + 2}`),
    );
  });

  it("refuses credentials without repeating them", async () => {
    const lines = [
      "--index-url https://me:s3cret@example.com/simple",
      "x @ git+https://s3cret@example.com/x.git",
      "--extra-index-url https://${s3cret}@example.com",
    ];
    const problems = await problemsOf(() => read(lines.join("\n")));
    assert.equal(problems.length, 3);
    assert.ok(!JSON.stringify(problems).includes("s3cret"));
    assert.equal(
      await text("x @ git+ssh://git@example.com/x.git\n"),
      "x @ git+ssh://git@example.com/x.git\n",
    );
  });

  it("refuses includes that are missing, remote or outside", async () => {
    for (const line of ["-r none.txt", "-r https://example.com/r.txt", "-r ../other.txt", "-c /etc/c.txt"]) {
      assert.equal((await problemOf(() => read(`${line}\n`))).key, "requirements.txt:1", line);
    }
  });

  it("refuses lines that are none", async () => {
    for (const line of ["django = 5", "--unknown x", "pip install django", "svn+https://example.com/x"]) {
      assert.equal((await problemOf(() => read(`${line}\n`))).key, "requirements.txt:1", line);
    }
  });
});
