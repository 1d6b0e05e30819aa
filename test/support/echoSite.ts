import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { AppInterface } from "../../components";
import { type LoadResult, underLoad } from "./load";
import { writeMinimalDjango } from "./minimalDjango";
import { type SocketsResult, withSockets } from "./sockets";
import { Stack } from "./stack";

/** What a release of the site is named, and how it misbehaves. */
export interface Release {
  name: string;
  /** Python at the end of wsgi.py, or of asgi.py. */
  entry?: string;
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


def visitor(request):
    names = "REMOTE_ADDR", "HTTP_X_REAL_IP", "HTTP_CONNECTION", "HTTP_UPGRADE"
    return answer(" ".join([request.scheme, *(request.META.get(name) or "none" for name in names)]))


urlpatterns = [
    path("echo", echo),
    path("slow", slow),
    path("visitor", visitor),
    path("healthz", lambda request: answer("healthy")),
]
`;

/** A WebSocket that answers as /echo does; /events, an answer in pieces. */
const asgiOf = ({ name, entry = "" }: Release): string => `import asyncio
import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
django = get_asgi_application()

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.http import StreamingHttpResponse
from django.urls import path
from mysite import urls


class Echo(AsyncWebsocketConsumer):
    async def receive(self, text_data):
        scheme, (host, port) = self.scope["scheme"], self.scope["client"]
        await self.send(f"{scheme} {host}" if text_data == "who" else "${name} " + text_data)

    async def disconnect(self, code):
        print("a socket was closed with", code, flush=True)


async def pieces():
    for piece in range(4):
        yield f"data: {piece}\\n\\n"
        await asyncio.sleep(0.5)


urls.urlpatterns.append(
    path("events", lambda request: StreamingHttpResponse(pieces(), content_type="text/event-stream"))
)
application = ProtocolTypeRouter({"http": django, "websocket": URLRouter([path("ws", Echo.as_asgi())])})
${entry}
`;

/** A small site that answers with its release's name and what it was asked, for loads. */
export class EchoSite {
  readonly stack = new Stack();
  /** The id of the last release that was deployed. */
  release = "";
  private readonly folder = join(this.stack.folder, "mysite");

  /** @param gateway what the site is served by; with ASGI there is a WebSocket at /ws */
  constructor(public gateway: AppInterface = "wsgi") {}

  /** Makes the stack; nothing is online yet. */
  async prepare(): Promise<void> {
    await this.stack.init();
    await this.configure({});
  }

  configure(gunicorn: object, healthTimeout = 4): Promise<void> {
    return this.stack.configure({
      site: { name: "mysite", domains: ["example.org", "localhost"] },
      app: { path: this.folder, interface: this.gateway },
      gunicorn,
      health: { path: "/healthz", timeout: healthTimeout, host: "localhost" },
      nginx: { requestsPerSecond: 0, connections: 0 },
    });
  }

  /** Puts a release's code in place of the one before. */
  write(release: Release): void {
    const project = this.gateway === "asgi" ? "channels" : "requirements";
    writeMinimalDjango(this.folder, join(__dirname, "..", "e2e", "projects", project));
    const place = (name: string, text: string, flag = "w") => {
      writeFileSync(join(this.folder, "mysite", name), text, { flag });
    };
    place("urls.py", urlsOf(release));
    place("__init__.py", release.package ?? "");
    if (this.gateway === "asgi") place("asgi.py", asgiOf(release));
    else place("wsgi.py", `${release.entry ?? ""}\n`, "a");
  }

  /** Puts a release online, which must succeed. */
  async deploy(name: string): Promise<void> {
    this.write({ name });
    await this.stack.up();
    this.release = this.stack.output("release");
  }

  /** Keeps 32 connections busy while some work is done, for at least `count` requests. */
  load(count: number, work: () => Promise<unknown>): Promise<LoadResult> {
    return underLoad({ port: this.port, host: "example.org", connections: 32, rate: 600 }, count, work);
  }

  /** Keeps WebSockets busy while some work is done. */
  sockets(count: number, work: () => Promise<unknown>): Promise<SocketsResult> {
    return withSockets({ port: this.port, host: "example.org", path: "/ws", count }, work);
  }

  get port(): number {
    return Number(new URL(this.stack.output("url")).port);
  }

  /** What nginx's links lead to. */
  async upstream(instances: number): Promise<string[]> {
    const links = Array.from({ length: instances }, (_, index) => `/run/mysite/upstream-${index}.sock`);
    return (await this.stack.ssh(`sudo readlink ${links.join(" ")}`)).split("\n");
  }

  /** Each link leads to an instance of its own, none is left over; the last release that was deployed serves. */
  async assertWhole(instances: number): Promise<void> {
    const running = await this.stack.ssh(
      "sudo supervisorctl status | awk '$2 ~ /RUNNING|STARTING/ { print $1 }'",
    );
    assert.deepEqual(
      (await this.upstream(instances)).sort(),
      running.split("\n").map((program) => `${program.replace("mysite-", "")}.sock`),
    );
    assert.equal(running.split("\n").length, instances, running);
    assert.equal(await this.stack.ssh("readlink /srv/mysite/current"), `releases/${this.release}`);
  }
}

/** Every request of a load got its right answer, from these releases. */
export function assertNothingLost(result: LoadResult, ...releases: string[]): void {
  console.log(`        ${JSON.stringify(result)}`);
  assert.deepEqual(result.lost, {});
  assert.deepEqual(Object.keys(result.releases).sort(), releases.sort());
  assert.ok(result.posts >= Math.floor(result.requests / 2));
}
