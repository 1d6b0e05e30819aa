import { strict as assert } from "node:assert";
import { applicationNamed } from "../../components/source/application";
import { findDjango, type Django, type Given } from "../../components/source/django";
import { Problems, SourceError } from "../../components/source/problems";
import { settingsNamed } from "../../components/source/settingsModule";
import { problemOf, problemsOf, Workspace, type Files } from "./workspace";

const setsSettings = (module: string) => `os.environ.setdefault("DJANGO_SETTINGS_MODULE", "${module}")\n`;

describe("what a text names as Django's settings module", () => {
  const cases: [string, string[]][] = [
    [`os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a.settings")`, ["a.settings"]],
    [`os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'a.settings')`, ["a.settings"]],
    [`os.environ.setdefault(\n    "DJANGO_SETTINGS_MODULE",\n    "a.settings",\n)`, ["a.settings"]],
    [`os.environ["DJANGO_SETTINGS_MODULE"] = "a.settings"`, ["a.settings"]],
    [
      `os.environ.setdefault("DJANGO_SETTINGS_MODULE", config("DJANGO_SETTINGS_MODULE", default="a.prod"))`,
      ["a.prod"],
    ],
    [`x = os.environ.get("DJANGO_SETTINGS_MODULE", "a.b.c")`, ["a.b.c"]],
    [`# os.environ.setdefault("DJANGO_SETTINGS_MODULE", "old.settings")`, []],
    [
      `if t:\n  ${setsSettings("a.test")}else:\n  ${setsSettings("a.prod")}${setsSettings("a.prod")}`,
      ["a.test", "a.prod"],
    ],
    [`os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"a.{stage}")`, []],
    [`os.environ.setdefault("OTHER", "a.settings")`, []],
  ];
  for (const [text, modules] of cases) {
    it(`${text.split("\n").join(" ")} → ${modules.join(", ") || "none"}`, () => {
      assert.deepEqual(settingsNamed(text), modules);
    });
  }
});

describe("what settings name as the WSGI application", () => {
  it("is a module and a name in it, in either quotes", () => {
    assert.equal(
      applicationNamed('DEBUG = False\nWSGI_APPLICATION = "a.b.wsgi.application"\n', "wsgi"),
      "a.b.wsgi:application",
    );
    assert.equal(applicationNamed("WSGI_APPLICATION='a.server.app'", "wsgi"), "a.server:app");
    assert.equal(applicationNamed('# WSGI_APPLICATION = "a.wsgi.application"', "wsgi"), undefined);
    assert.equal(applicationNamed("WSGI_APPLICATION = NAME", "wsgi"), undefined);
  });
});

describe("the modules of a Django project", () => {
  let workspace: Workspace;
  beforeEach(() => (workspace = new Workspace()));
  afterEach(() => {
    workspace.remove();
  });

  async function find(files: Files, given: Given = {}, root = ""): Promise<Django> {
    const problems = new Problems();
    const django = await findDjango(await workspace.project(files, root), given, problems);
    problems.throwIfAny();
    assert.ok(django);
    return django;
  }

  const plain: Files = {
    "manage.py": setsSettings("mysite.settings"),
    "mysite/settings.py": 'WSGI_APPLICATION = "mysite.wsgi.application"\n',
    "mysite/wsgi.py": setsSettings("mysite.settings"),
  };

  it("are found, and it is said where", async () => {
    assert.deepEqual(await find(plain), {
      settingsModule: "mysite.settings",
      application: "mysite.wsgi:application",
      findings: [
        "Settings module: mysite.settings (from wsgi.py).",
        "WSGI application: mysite.wsgi:application (from WSGI_APPLICATION in mysite.settings).",
      ],
    });
  });

  it("are those of ASGI where that is the interface", async () => {
    const files = {
      ...plain,
      "mysite/settings.py": `${plain["mysite/settings.py"] ?? ""}ASGI_APPLICATION = "mysite.routing.application"\n`,
      "mysite/routing.py": "",
      "mysite/live.py": "",
      "mysite/asgi.py": setsSettings("mysite.live"),
    };
    assert.deepEqual(await find(files, { interface: "asgi", settingsModule: "mysite.settings" }), {
      settingsModule: "mysite.settings",
      application: "mysite.routing:application",
      findings: ["ASGI application: mysite.routing:application (from ASGI_APPLICATION in mysite.settings)."],
    });
    assert.deepEqual(await find(files, { interface: "asgi" }), {
      settingsModule: "mysite.live",
      application: "mysite.asgi:application",
      findings: [
        "Settings module: mysite.live (from asgi.py; manage.py names mysite.settings).",
        "ASGI application: mysite.asgi:application (its asgi.py; the settings name none).",
      ],
    });
    const asgiModule = "mysite.routing.application";
    assert.equal(
      (await find(files, { interface: "asgi", asgiModule })).application,
      "mysite.routing:application",
    );
  });

  it("are asked for in the interface's own words, with what there is of the other", async () => {
    const { key, value, fix } = await problemOf(() => find(plain, { interface: "asgi" }));
    assert.deepEqual([key, value], ["app.asgiModule", "no asgi.py and no ASGI_APPLICATION"]);
    assert.match(fix, /or set app\.asgiModule; for its wsgi\.py, set app\.interface: wsgi\.$/);
    const only = { "manage.py": setsSettings("a.settings"), "a/settings.py": "", "a/asgi.py": "" };
    assert.match((await problemOf(() => find(only))).fix, /for its asgi\.py, set app\.interface: asgi\.$/);
  });

  it("are found below a root", async () => {
    const files = Object.fromEntries(Object.entries(plain).map(([name, text]) => [`src/app/${name}`, text]));
    assert.equal((await find(files, {}, "src/app")).application, "mysite.wsgi:application");
  });

  it("come from wsgi.py where it and manage.py differ, as wsgi.py is what a server runs", async () => {
    const { settingsModule, findings } = await find({
      "manage.py": setsSettings("config.settings.local"),
      "config/settings/local.py": "",
      "config/settings/production.py": "",
      "config/wsgi.py": setsSettings("config.settings.production"),
    });
    assert.equal(settingsModule, "config.settings.production");
    assert.match(findings[0] ?? "", /from wsgi\.py; manage\.py names config\.settings\.local/);
  });

  it("come with a hint when they look like development and production is beside", async () => {
    const { findings } = await find({
      "manage.py": setsSettings("site1.settings.dev"),
      "site1/settings/dev.py": "",
      "site1/settings/production.py": "",
      "site1/wsgi.py": setsSettings("site1.settings.dev"),
    });
    assert.match(findings[0] ?? "", /development: set app\.settingsModule: site1\.settings\.production/);
  });

  it("come with the others that could be chosen", async () => {
    const files = {
      "manage.py": setsSettings("site1.settings.production"),
      "site1/settings/__init__.py": "",
      "site1/settings/production.py": "",
      "site1/settings/staging.py": "",
      "site1/wsgi.py": "",
    };
    const { findings } = await find(files);
    assert.match(findings[0] ?? "", /Beside it: site1\.settings\.staging; app\.settingsModule chooses\./);
    const given = await find(files, { settingsModule: "site1.settings.staging" });
    assert.equal(given.settingsModule, "site1.settings.staging");
  });

  it("are refused when the settings are a package that says nothing, naming its modules", async () => {
    const inside = {
      "site1/settings/production.py": "",
      "site1/settings/staging.py": "",
      "site1/wsgi.py": "",
    };
    const named = { "manage.py": setsSettings("site1.settings"), ...inside };
    for (const package_ of [{}, { "site1/settings/__init__.py": "# Choose one.\n" }]) {
      const problem = await problemOf(() => find({ ...named, ...package_ }));
      assert.equal(problem.key, "app.settingsModule");
      assert.match(problem.expected, /one of .*: site1\.settings\.production and site1\.settings\.staging$/);
    }
    const taken = { "site1/settings/__init__.py": "from .production import *\n" };
    assert.equal((await find({ ...named, ...taken })).settingsModule, "site1.settings");
    const unnamed = await problemOf(() => find({ "manage.py": "", ...inside }));
    assert.match(unnamed.fix, /found: site1\.settings\.production and site1\.settings\.staging/);
  });

  it("are followed through star imports of the settings", async () => {
    const { application } = await find({
      "manage.py": setsSettings("a.settings.production"),
      "a/settings/__init__.py": "from .base import *\n",
      "a/settings/production.py": "from . import *\n",
      "a/settings/base.py": "from a.common import *\n",
      "a/common.py": "from a.settings.production import *\nWSGI_APPLICATION = 'a.serve.app'\n",
      "a/serve.py": "",
    });
    assert.equal(application, "a.serve:app");
  });

  it("fall back to the nearest wsgi.py when the settings name none", async () => {
    const files = { "manage.py": setsSettings("a.b.settings"), "a/b/settings.py": "", "other/wsgi.py": "" };
    assert.equal((await find({ ...files, "a/wsgi.py": "" })).application, "a.wsgi:application");
    assert.equal(
      (await find({ ...files, "a/wsgi.py": "", "a/b/wsgi.py": "" })).application,
      "a.b.wsgi:application",
    );
  });

  it("are taken as given, checked, the WSGI module in any of its spellings", async () => {
    const files = { ...plain, "mysite/live.py": "", "mysite/serve.py": "" };
    for (const wsgiModule of ["mysite.serve", "mysite.serve:application", "mysite.serve.application"]) {
      const given = { settingsModule: "mysite.live", wsgiModule };
      assert.deepEqual(await find(files, given), {
        settingsModule: "mysite.live",
        application: "mysite.serve:application",
        findings: [],
      });
    }
    assert.equal((await find(files, { wsgiModule: "mysite.serve:app" })).application, "mysite.serve:app");
  });

  it("are refused, all at once, when what was given does not exist or is no module", async () => {
    const problems = await problemsOf(() =>
      find(plain, { settingsModule: "mysite.none", wsgiModule: "mysite.wsgi:1; rm" }),
    );
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["app.settingsModule", "app.wsgiModule"],
    );
    assert.match(problems[0]?.value ?? "", /no mysite\/none\.py/);
    for (const wsgiModule of ["../x", "a b", "", "mysite.wsgi:"]) {
      assert.equal((await problemOf(() => find(plain, { wsgiModule }))).key, "app.wsgiModule", wsgiModule);
    }
  });

  it("are refused when manage.py's settings are not in the release", async () => {
    const problem = await problemOf(() =>
      find({ "manage.py": setsSettings("mysite.local"), "mysite/wsgi.py": "" }),
    );
    assert.match(problem.value, /mysite\.local, but the release has no mysite\/local\.py/);
  });

  it("are refused when there are several, naming each", async () => {
    const several = {
      "manage.py": `${setsSettings("a.test")}${setsSettings("a.live")}`,
      "a/test.py": "WSGI_APPLICATION = 'a.wsgi.application'",
      "a/live.py": "WSGI_APPLICATION = 'a.wsgi.application'",
      "a/wsgi.py": "",
    };
    assert.match((await problemOf(() => find(several))).value, /several in manage\.py: a\.test and a\.live/);
    assert.equal((await find(several, { settingsModule: "a.live" })).application, "a.wsgi:application");
    const twoSites = { "manage.py": setsSettings("conf"), "conf.py": "", "a/wsgi.py": "", "b/wsgi.py": "" };
    assert.match((await problemOf(() => find(twoSites))).value, /several: a\.wsgi and b\.wsgi/);
  });

  it("are asked for when nothing names them, with the files that may be", async () => {
    const problem = await problemOf(() => find({ "manage.py": "", "a/settings.py": "", "a/wsgi.py": "" }));
    assert.match(problem.fix, /found: a\.settings/);
    const none = await problemOf(() => find({ "manage.py": setsSettings("conf"), "conf.py": "" }));
    assert.match(none.value, /no wsgi\.py/);
  });

  it("need manage.py, and a wrong root is told the right one", async () => {
    const moved = { "src/manage.py": setsSettings("a.settings"), "src/a/settings.py": "" };
    assert.match((await problemOf(() => find(moved))).fix, /manage\.py is in src\/: set app\.root: src\./);
    const top = await problemOf(() => find(plain, {}, "mysite"));
    assert.match(top.fix, /manage\.py is in the top: set app\.root: ""/);
    const two = { "one/manage.py": "", "two/manage.py": "" };
    assert.match((await problemOf(() => find(two))).fix, /one\/ and two\/: set app\.root to one of them/);
    assert.match((await problemOf(() => find({ "a.py": "" }))).fix, /folder of a Django project/);
  });

  it("say every problem on a line of its own", () => {
    const problem = { key: "app.x", value: "1", expected: "2", fix: "Do it." };
    assert.equal(
      new SourceError([problem, problem]).message,
      "app.x: 1; expected 2. Do it.\napp.x: 1; expected 2. Do it.",
    );
  });
});
