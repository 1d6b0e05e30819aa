import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { underLoad } from "./load";
import { writeMinimalDjango } from "./minimalDjango";
import { Stack } from "./stack";

/** What a release of the site is named, and how it misbehaves. */
export interface Release {
  name: string;
  /** Python at the end of wsgi.py. */
  wsgi?: string;
  /** Python that is imported before Django's checks run. */
  package?: string;
  /** Python in front of every answer. */
  answer?: string;
}

const urlsOf = ({ name, answer = "pass" }: Release): string => `import time

from django.http import HttpResponse
from django.urls import path


def answer(text):
    ${answer}
    return HttpResponse("${name} " + text)


def echo(request):
    return answer(request.body.decode() if request.method == "POST" else request.META["QUERY_STRING"])


def slow(request):
    time.sleep(float(request.GET["seconds"]))
    return answer("slow")


urlpatterns = [
    path("echo", echo),
    path("slow", slow),
    path("healthz", lambda request: answer("healthy")),
]
`;

/** A small site that answers with its release's name and what it was asked, for loads. */
export class EchoSite {
  readonly stack = new Stack();
  private readonly folder = join(this.stack.folder, "mysite");

  /** Makes the stack; nothing is online yet. */
  async prepare(): Promise<void> {
    await this.stack.init();
    await this.configure({});
  }

  configure(gunicorn: object, healthTimeout = 4): Promise<void> {
    return this.stack.configure({
      site: { name: "mysite", domains: ["example.org", "localhost"] },
      app: { path: this.folder },
      gunicorn,
      health: { path: "/healthz", timeout: healthTimeout, host: "localhost" },
      nginx: { requestsPerSecond: 0, connections: 0 },
    });
  }

  /** Puts a release's code in place of the one before. */
  write(release: Release): void {
    writeMinimalDjango(this.folder, join(__dirname, "..", "e2e", "projects", "requirements"));
    const wsgi = join(this.folder, "mysite", "wsgi.py");
    writeFileSync(join(this.folder, "mysite", "urls.py"), urlsOf(release));
    writeFileSync(join(this.folder, "mysite", "__init__.py"), release.package ?? "");
    if (release.wsgi !== undefined) writeFileSync(wsgi, `${release.wsgi}\n`, { flag: "a" });
  }

  /** Keeps 32 connections busy while some work is done, for at least `count` requests. */
  load(count: number, work: () => Promise<unknown>): ReturnType<typeof underLoad> {
    const port = Number(new URL(this.stack.output("url")).port);
    return underLoad({ port, host: "example.org", connections: 32, rate: 600 }, count, work);
  }
}
