import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of manage.py in the repository. */
export const root = "backend/site";

const files = {
  "README.md": "A repository whose Django project is not at its top.\n",
  [`${root}/manage.py`]: `import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
`,
  [`${root}/mysite/__init__.py`]: "",
  [`${root}/mysite/settings/__init__.py`]: "",
  [`${root}/mysite/settings/base.py`]: `import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
ROOT_URLCONF = "mysite.urls"
WSGI_APPLICATION = "mysite.wsgi.application"
INSTALLED_APPS = ["mysite", "django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_CODE = "fr"
`,
  [`${root}/mysite/settings/staging.py`]: `from mysite.settings.base import *

STAGE = "staging"
`,
  [`${root}/mysite/settings/production.py`]: `from mysite.settings.base import *

STAGE = "production"
`,
  [`${root}/mysite/urls.py`]: `import os

from django.conf import settings
from django.contrib.auth.models import Group
from django.http import JsonResponse
from django.urls import path
from django.utils.translation import gettext


def page(request):
    names = Group.objects.values_list("name", flat=True)
    facts = {"stage": settings.STAGE, "key": settings.SECRET_KEY, "hello": gettext("Hello"), "groups": sorted(names)}
    return JsonResponse(facts | {"environment": dict(os.environ)})


urlpatterns = [path("", page)]
`,
  [`${root}/mysite/wsgi.py`]: `from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
`,
  [`${root}/mysite/fixtures/groups.json`]: `[{"model": "auth.group", "fields": {"name": "gardeners"}}]\n`,
  [`${root}/locale/fr/LC_MESSAGES/django.po`]: `msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Hello"
msgstr "Bonjour"
`,
  // Compiled when there was nothing to translate yet.
  [`${root}/locale/fr/LC_MESSAGES/django.mo`]: Buffer.from(
    new Uint32Array([0x950412de, 0, 0, 28, 28, 0, 28]).buffer,
  ),
} as const;

/** A git repository with a Django project in a subfolder, whose settings are modules to choose from. */
export class SubfolderSite {
  constructor(readonly folder: string) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    cpSync(join(__dirname, "../e2e/projects/uv"), join(folder, root), { recursive: true });
    this.git("init", "--quiet", "--initial-branch", "main");
    this.commit();
  }

  write(name: string, text: string | Buffer): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** One commit of everything. */
  commit(): void {
    this.git("add", "--all");
    const author = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
    this.git(...author, "commit", "--quiet", "--message", "A commit");
  }

  private git(...args: string[]): void {
    execFileSync("git", args, { cwd: this.folder, stdio: "pipe" });
  }
}
