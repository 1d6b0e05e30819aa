import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { eventually } from "./eventually";
import { writeMinimalDjango } from "./minimalDjango";
import { Stack } from "./stack";

/** What a release of the site is named, and how it misbehaves. */
export interface WorkerRelease {
  name: string;
  /** Python that runs before a worker has begun. */
  work?: string;
  /** Python in front of every answer of the web process. */
  answer?: string;
}

const urlsOf = ({ name, answer = "pass" }: WorkerRelease): string => `from django.http import HttpResponse
from django.urls import path


def page(request):
    ${answer}
    return HttpResponse("${name}")


urlpatterns = [path("", page)]
`;

/** A worker that notes in SITE/shared/data/journal when it begins and ends, and takes a while to end. */
const commandOf = ({ name, work = "pass" }: WorkerRelease): string => `import os
import signal
import sys
import time

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("worker")

    def handle(self, worker, **options):
        ${work}

        def note(what):
            with open(os.environ["HOME"] + "/data/journal", "a") as journal:
                journal.write(f"{worker} ${name} {what}\\n")

        def end(*_):
            time.sleep(1)
            note("ended")
            sys.exit(0)

        signal.signal(signal.SIGTERM, end)
        note("began with " + os.environ["TOKEN"])
        print("${name} works as", worker)
        while True:
            time.sleep(0.1)
`;

/** A small site with a worker, `manage.py work NAME`. */
export class WorkerSite {
  readonly stack = new Stack();
  private readonly folder = join(this.stack.folder, "jobs");

  async prepare(): Promise<void> {
    await this.stack.init();
  }

  configure(processes: object, timers: object = {}): Promise<void> {
    return this.stack.configure(
      {
        site: { name: "jobs", domains: ["localhost"] },
        app: { path: this.folder },
        gunicorn: { instances: 1, workers: 1 },
        health: { timeout: 5 },
        environment: { WORKER: "two" },
        ...{ processes, timers },
      },
      { secretEnvironment: { TOKEN: "hush-hush" } },
    );
  }

  /** Puts a release's code in place of the one before. */
  write(release: WorkerRelease): void {
    writeMinimalDjango(this.folder, join(__dirname, "..", "e2e", "projects", "requirements"));
    const project = join(this.folder, "mysite");
    mkdirSync(join(project, "management", "commands"), { recursive: true });
    writeFileSync(join(project, "urls.py"), urlsOf(release));
    writeFileSync(join(project, "settings.py"), 'INSTALLED_APPS = ["mysite"]\n', { flag: "a" });
    writeFileSync(join(project, "management", "commands", "work.py"), commandOf(release));
  }

  /** What the workers noted since the last time. */
  async journal(): Promise<string[]> {
    const file = "/srv/jobs/shared/data/journal";
    const text = await this.stack.ssh(`sudo bash -c 'cat ${file}; rm -f ${file}'`);
    return text.split("\n").sort();
  }

  /** The process ids of supervisor's programs that run, by name; what starts at the moment is waited for. */
  running(): Promise<Record<string, string>> {
    return eventually(10, async () => {
      const text = await this.stack.ssh("sudo supervisorctl status || true");
      assert.doesNotMatch(text, /STARTING/);
      const lines = text.matchAll(/^jobs-(\S+) +RUNNING +pid (\d+)/gm);
      return Object.fromEntries([...lines].map(([, name = "", pid = ""]) => [name, pid]));
    });
  }
}
