import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { writeMinimalDjango } from "./minimalDjango";
import { Stack } from "./stack";

const settings = `
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.sessions", "things"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
BASE_DIR = __import__("pathlib").Path(__file__).parent.parent
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["POSTGRES_DB"],
        "USER": os.environ["POSTGRES_USER"],
        "PASSWORD": os.environ["POSTGRES_PASSWORD"],
        "HOST": os.environ["POSTGRES_HOST"],
        "PORT": os.environ["POSTGRES_PORT"],
    },
    "file": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "var [1]" / "things.sqlite3"},
}
MEDIA_ROOT = BASE_DIR / "media"
`;

const urls = `from django.http import HttpResponse, JsonResponse
from django.urls import path

from things.models import Thing


def index(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    things = [Thing.objects.using(alias).count() for alias in ("default", "file")]
    return JsonResponse({"things": things, "visits": request.session["visits"]})


urlpatterns = [path("", index), path("healthz", lambda request: HttpResponse("healthy"))]
`;

const models = `from django.db import models


class Thing(models.Model):
    name = models.TextField(unique=True)
    content = models.BinaryField()
`;

const migration = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            "Thing",
            [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(unique=True)), ("content", models.BinaryField())],
        )
    ]
`;

/** A site with rows in PostgreSQL and in SQLite, uploads and a folder of its own: what a backup has to bring back. */
export class DataSite {
  readonly stack = new Stack();
  private readonly folder = join(this.stack.folder, "mysite");

  /** Makes the stack and the project; nothing is online yet. */
  async prepare(): Promise<void> {
    await this.stack.init();
    writeMinimalDjango(this.folder, join(__dirname, "..", "e2e", "projects", "requirements"));
    this.write("requirements.txt", "django==5.2.19\npsycopg[binary]==3.3.9\n");
    this.write("mysite/settings.py", settings, "a");
    this.write("mysite/urls.py", urls);
    this.write("things/__init__.py", "");
    this.write("things/models.py", models);
    this.write("things/migrations/__init__.py", "");
    this.write("things/migrations/0001_initial.py", migration);
  }

  /** Configures the site on a machine of a system; `backup` as the settings have it. */
  configure(system: string, backup: object, secrets: Readonly<Record<string, string>>): Promise<void> {
    return this.stack.configure(
      {
        machine: { kind: "container", system },
        site: { name: "mysite", domains: ["localhost"] },
        app: { path: this.folder, persistent: ["papers"] },
        database: { server: "machine" },
        health: { path: "/healthz" },
        backup,
      },
      secrets,
    );
  }

  /** Adds a model's field, and with it a migration that older snapshots have not seen. */
  migrateOn(): void {
    this.write("things/models.py", `${models}    note = models.TextField(default="none")\n`);
    this.write(
      "things/migrations/0002_note.py",
      `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("things", "0001_initial")]
    operations = [migrations.AddField("thing", "note", models.TextField(default="none"))]
`,
    );
  }

  /** Runs Python in Django's shell on the machine; returns what it prints. */
  async python(code: string): Promise<string> {
    const {
      code: status,
      stdout,
      text,
    } = await this.stack.verb("manage", ["shell", "--verbosity", "0"], `${code}\n`);
    if (status !== 0) throw new Error(`Django's shell ended with ${status}:\n${text}`);
    return stdout.trim();
  }

  private write(file: string, text: string, flag = "w"): void {
    mkdirSync(join(this.folder, file, ".."), { recursive: true });
    writeFileSync(join(this.folder, file), text, { flag });
  }
}
