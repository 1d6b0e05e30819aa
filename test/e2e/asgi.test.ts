import { strict as assert } from "node:assert";
import { once } from "node:events";
import { get } from "node:http";

import { WebSocket } from "ws";

import { assertNothingLost, EchoSite, type Release } from "../support/echoSite";
import { pause } from "../support/eventually";
import type { LoadResult } from "../support/load";
import type { SocketsResult } from "../support/sockets";

/** An app whose lifespan does not begin. */
const lifespan = `
served = application
async def application(scope, receive, send):
    if scope["type"] != "lifespan":
        return await served(scope, receive, send)
    await send({"type": "lifespan.startup.failed", "message": "no database"})`;

describe("a site with WebSockets", () => {
  const site = new EchoSite();
  const { stack } = site;
  const timeout = 8;
  const configure = (gunicorn: object) => site.configure({ timeout, gracefulTimeout: 10, ...gunicorn }, 30);
  before(async () => {
    await site.prepare();
    await configure({});
  });
  after(() => stack.close());

  const open = async (headers: object = {}): Promise<WebSocket> => {
    const host = `example.org:${site.port}`;
    const socket = new WebSocket(`ws://127.0.0.1:${site.port}/ws`, { headers: { host, ...headers } });
    await once(socket, "open");
    return socket;
  };
  const said = async (socket: WebSocket, text: string): Promise<string> => {
    const answer = once(socket, "message");
    socket.send(text);
    return String((await answer)[0]);
  };

  const forged = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Real-IP": "203.0.113.7",
    "X-Forwarded-Proto": "https",
  };

  /** The app sees a request's scheme and address as nginx does, whatever the visitor claims; returns the address. */
  async function assertVisitorKnown(): Promise<string> {
    const [, scheme, address = "", real] = (await stack.http("/visitor", { headers: forged })).text.split(
      " ",
    );
    assert.deepEqual([scheme, address], ["http", real]);
    assert.match(address, /^[0-9a-f.:]+$/);
    assert.notEqual(address, "203.0.113.7");
    return address;
  }

  /** Requests and WebSockets at once, while some work is done. */
  async function busy(work: () => Promise<unknown>): Promise<[LoadResult, SocketsResult]> {
    let sockets: SocketsResult | undefined;
    const load = await site.load(0, async () => {
      sockets = await site.sockets(20, work);
    });
    assert.ok(sockets);
    console.log(`        ${JSON.stringify(sockets)}`);
    return [load, sockets];
  }

  /** Each message was echoed, by these releases, and no socket was closed for another reason than a restart. */
  function assertAllEchoed(result: SocketsResult, ...releases: string[]): void {
    assert.equal(result.echoed, result.sent);
    assert.deepEqual(result.refused, {});
    assert.deepEqual(
      Object.keys(result.closes).filter((code) => code !== "1012"),
      [],
    );
    assert.deepEqual(Object.keys(result.releases).sort(), releases.sort());
  }

  /** A release that does not become healthy, while the one before it is busy. */
  async function loseNothingTo(release: Release, before: string, reason: RegExp): Promise<void> {
    site.write(release);
    const [load, sockets] = await busy(async () => {
      const why = new RegExp(`the last lines of .*gunicorn-\\d\\.log:[^]*${reason.source}`);
      assert.match(await stack.failedUp(), why);
    });
    assertNothingLost(load, before);
    assertAllEchoed(sockets, before);
    assert.deepEqual(sockets.closes, {});
  }

  const logs = (): Promise<string> => stack.ssh("sudo sh -c 'cat /var/log/mysite/gunicorn-*.log'");

  it("was one without at first", async () => {
    await site.deploy("wsgi");
    assert.equal((await stack.http("/echo?before")).text, "wsgi before");
    await assertVisitorKnown();
  });

  it("is online with them, by the app's own versions where it lists some", async () => {
    site.gateway = "asgi";
    await configure({});
    await site.deploy("one");
    await site.assertWhole(2);
    assert.match(stack.transcript, /ASGI application: mysite\.asgi:application \(its asgi\.py/);
    const packages = await stack.ssh("sudo sh -c 'ls /srv/mysite/current/venv/lib/python3.*/site-packages'");
    for (const name of ["uvicorn_worker-0.4.0", "uvicorn-0.53.0", "websockets-17.4", "gunicorn-27.0.1"])
      assert.ok(packages.includes(name), name);
  });

  it("knows its visitors' scheme and address, whichever way they speak", async () => {
    const address = await assertVisitorKnown();
    const socket = await open(forged);
    assert.equal(await said(socket, "who"), `ws ${address}`);
    socket.close();
  });

  it("gets no other upgrade, and has its connections from nginx kept alive", async () => {
    const headers = {
      Connection: "Upgrade, HTTP2-Settings",
      Upgrade: "h2c",
      "HTTP2-Settings": "AAMAAABkAAQAAP__",
    };
    const { status, text } = await stack.http("/visitor", { headers });
    assert.equal(status, 200);
    assert.match(text, / none h2c$/);
    const urls = "http://127.0.0.1/echo?1 ".repeat(8);
    const kept = await stack.ssh(
      `curl -s -H 'Host: localhost' ${urls} >/dev/null; sudo grep -c ' 00000000 0001 03 .* /run/mysite/gunicorn-.\\.sock$' /proc/net/unix`,
    );
    assert.ok(Number(kept) >= 1 && Number(kept) <= 4, kept);
  });

  it("passes an answer on piece by piece", async () => {
    const begin = Date.now();
    const times: number[] = [];
    const target = { host: "127.0.0.1", port: site.port, path: "/events", headers: { host: "localhost" } };
    await new Promise((resolve, reject) => {
      get(target, (answer) => {
        answer.on("data", () => times.push(Date.now() - begin));
        answer.on("end", resolve);
      }).on("error", reject);
    });
    assert.equal(times.length, 4, String(times));
    assert.ok((times[0] ?? 9999) < 450, String(times));
  });

  it("keeps a WebSocket that nobody uses for longer than gunicorn.timeout", async () => {
    const socket = await open();
    let pings = 0;
    socket.on("ping", () => pings++);
    await pause(timeout + 4);
    assert.equal(await said(socket, "awake"), "one awake");
    assert.ok(pings >= 2, String(pings));
    socket.close();
  });

  it("loses no request and no message to a deploy", async () => {
    const slow = stack.http("/slow?seconds=7");
    await pause(0.5);
    const [load, sockets] = await busy(() => site.deploy("two"));
    assert.equal((await slow).text, "one slow");
    assertNothingLost(load, "one", "two");
    assertAllEchoed(sockets, "one", "two");
    await site.assertWhole(2);
    assert.match(await logs(), /a socket was closed with 1012/);
  });

  it("leaves WebSockets alone when a release cannot be imported", async () => {
    await loseNothingTo(
      { name: "broken", entry: 'raise ImportError("no way")' },
      "two",
      /ImportError: no way/,
    );
    await site.assertWhole(2);
  });

  it("goes back to a release of the other interface", async () => {
    const records = await stack.ssh("sudo sh -c 'grep -l ^wsgi /srv/mysite/releases/*/record'");
    await stack.rollback(records.split("/").at(-2) ?? "");
    assert.equal((await stack.http("/echo?back")).text, "wsgi back");
  });

  it("leaves them alone, too, when a release does not start beside a single instance", async () => {
    await configure({ instances: 1, workers: 2 });
    await site.deploy("lone");
    await site.assertWhole(1);
    await loseNothingTo({ name: "dead", entry: lifespan }, "lone", /no database/);
    await site.assertWhole(1);
    await configure({ instances: 1, workers: 2, maxRequests: 500 });
  });

  it("loses nothing to a deploy of a single instance", async () => {
    const [load, sockets] = await busy(() => site.deploy("three"));
    assertNothingLost(load, "lone", "three");
    assertAllEchoed(sockets, "lone", "three");
    await site.assertWhole(1);
  });

  it("loses nothing to workers that are replaced all the time", async () => {
    const [load, sockets] = await busy(() => pause(8));
    assertNothingLost(load, "three");
    assertAllEchoed(sockets, "three");
    assert.match(await logs(), /Maximum request limit of \d+ exceeded/);
  });

  it("has said nothing of a mistake in all that time", async () => {
    const text = (await logs()).replaceAll(/^.*(ImportError: no way|no database).*$/gm, "");
    assert.doesNotMatch(text, /ClientDisconnected|RuntimeError|Task exception|was never retrieved/);
  });
});
