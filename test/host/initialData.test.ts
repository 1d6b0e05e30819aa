import { strict as assert } from "node:assert";

import { hostFolder, run } from "./bash";

/** What is there already, and what of it Django would do. */
interface Database {
  done?: string[];
  users?: string[];
  /** The command that fails. */
  failing?: string;
}

describe("the first data of a database", () => {
  /** Runs initial-data.py with stand-ins for Django; returns what was done, one thing a line. */
  async function bring(
    { done = [], users = [], failing = "" }: Database,
    fixtures: string[],
    fields: object = {},
  ) {
    const program = `
import contextlib, json, os, sys, types
database = json.loads(sys.argv.pop(1))
os.environ.update({f"DJANGO_SUPERUSER_{name.upper()}": value for name, value in json.loads(sys.argv.pop(1)).items()})
names = ["", ".contrib", ".contrib.auth", ".core", ".core.management", ".db", ".db.migrations", ".db.migrations.recorder"]
django = {name: types.ModuleType("django" + name) for name in names}
sys.modules.update({module.__name__: module for module in django.values()})
django[""].setup = lambda: None

class CommandError(Exception):
    pass

def call_command(name, *args, **options):
    if name == database["failing"]:
        raise CommandError(f"{name} said no")
    print(name, *args)

@contextlib.contextmanager
def atomic():
    print("begin")
    try:
        yield
    except BaseException:
        print("undo")
        raise
    print("commit")

class Recorder:
    def __init__(self, connection): pass
    def ensure_schema(self): pass
    def applied_migrations(self): return {("django-server", name): 1 for name in database["done"]} | {("app", "superuser"): 1}
    def record_applied(self, owner, name): print("record", owner, name)

class Users:
    @staticmethod
    def filter(email): return types.SimpleNamespace(exists=lambda: email in database["users"])

user = types.SimpleNamespace(USERNAME_FIELD="email", _default_manager=Users)
django[".contrib.auth"].get_user_model = lambda: user
django[".core.management"].CommandError, django[".core.management"].call_command = CommandError, call_command
django[".db"].connection, django[".db"].transaction = None, types.SimpleNamespace(atomic=atomic)
django[".db.migrations.recorder"].MigrationRecorder = Recorder
exec(open(sys.argv.pop(1)).read())`;
    const database = JSON.stringify({ done, users, failing });
    const script = `${hostFolder}/initial-data.py`;
    return run(["python3", "-c", program, database, JSON.stringify(fields), script, ...fixtures]);
  }

  const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join("");
  const ada = { email: "ada@example.org", password: "-hush-" };

  it("are the fixtures, all at once, and then the superuser, each noted with what was done", async () => {
    const { status, stdout } = await bring({}, ["rooms", "chat/more.json"], ada);
    assert.equal(status, 0);
    assert.equal(
      stdout,
      lines(
        ...["begin", "loaddata rooms chat/more.json"],
        ...["record django-server fixture rooms", "record django-server fixture chat/more.json", "commit"],
        ...["begin", "createsuperuser", "record django-server superuser", "commit"],
      ),
    );
  });

  it("are those alone that it has not had yet", async () => {
    const had = await bring({ done: ["fixture rooms", "superuser"] }, ["rooms"], ada);
    assert.deepEqual([had.status, had.stdout], [0, ""]);
    const { stdout } = await bring({ done: ["fixture rooms"] }, ["rooms", "more"]);
    assert.equal(stdout, lines("begin", "loaddata more", "record django-server fixture more", "commit"));
  });

  it("leave a user of the superuser's name alone, for good", async () => {
    const { stdout } = await bring({ users: ["ada@example.org"] }, [], ada);
    assert.doesNotMatch(stdout, /createsuperuser/);
    assert.match(stdout, /^begin\nThere is a user .*\nrecord django-server superuser\ncommit\n$/);
  });

  for (const failing of ["loaddata", "createsuperuser"]) {
    it(`are not noted when ${failing} fails, which says why in a line`, async () => {
      const { status, stdout, stderr } = await bring({ failing }, ["rooms"], ada);
      assert.equal(status, 1);
      assert.match(stdout, /begin\nundo\n$/);
      assert.equal(stderr, `${failing} said no\n`);
    });
  }
});
