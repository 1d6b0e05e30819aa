import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const files = {
  "manage.py": `#!/usr/bin/env python3
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")

from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
`,
  "mysite/__init__.py": "",
  "mysite/settings.py": `import os

SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
ROOT_URLCONF = "mysite.urls"
WSGI_APPLICATION = "mysite.wsgi.application"
`,
  "mysite/urls.py": `from importlib.metadata import distributions

from django.http import JsonResponse
from django.urls import path

urlpatterns = [path("", lambda request: JsonResponse({d.metadata["Name"].lower(): d.version for d in distributions()}))]
`,
  "mysite/wsgi.py": `import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
application = get_wsgi_application()
`,
} as const;

/** Writes the smallest Django project to an empty folder, beside the dependency files; its page lists what is installed. */
export function writeMinimalDjango(folder: string, dependencies: string): void {
  rmSync(folder, { recursive: true, force: true });
  cpSync(dependencies, folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
