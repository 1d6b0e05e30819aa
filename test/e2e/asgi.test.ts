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
  before(() => site.prepare());
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

  /** Each message was echoed, by these releases, and no socket was closed but for a restart. */
  function assertAllEchoed(result: SocketsResult, ...releases: string[]): void {
    assert.equal(result.echoed, result.sent);
    assert.deepEqual(result.refused, {});
    assert.deepEqual(Object.keys(result.closes), releases.length > 1 ? ["1012"] : []);
    assert.deepEqual(Object.keys(result.releases).sort(), releases.sort());
  }

  const logs = (): Promise<string> => stack.ssh("sudo sh -c 'cat /var/log/mysite/gunicorn-*.log'");

  it("was one without at first", async () => {
    await site.deploy("wsgi");
    assert.equal((await stack.http("/echo?before")).text, "wsgi before");
  });

  it("is online with them, by the app's own versions where it lists some", async () => {
    site.gateway = "asgi";
    await site.configure({ timeout, gracefulTimeout: 10 });
    await site.deploy("one");
    await site.assertWhole(2);
    assert.match(stack.transcript, /ASGI application: mysite\.asgi:application \(its asgi\.py/);
    const packages = await stack.ssh("sudo sh -c 'ls /srv/mysite/current/venv/lib/python3.*/site-packages'");
    for (const name of ["uvicorn_worker-0.4.0", "uvicorn-0.54.0", "websockets-17.4", "whitenoise-6.9.0"])
      assert.ok(packages.includes(name), name);
  });

  it("knows its visitors' scheme and address, whichever way they speak", async () => {
    const forged = { headers: { "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https" } };
    const [, scheme, address, real] = (await stack.http("/visitor", forged)).text.split(" ");
    assert.deepEqual([scheme, address], ["http", real]);
    assert.notEqual(address, "203.0.113.7");
    const socket = await open(forged.headers);
    assert.equal(await said(socket, "who"), `ws ${real ?? ""}`);
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
    const [load, sockets] = await busy(() => site.deploy("two"));
    assertNothingLost(load, "one", "two");
    assertAllEchoed(sockets, "one", "two");
    await site.assertWhole(2);
    assert.match(await logs(), /a socket was closed with 1012/);
  });

  const bad: Record<string, [Release, RegExp]> = {
    "cannot be imported": [
      { name: "broken", entry: 'raise ImportError("no way")' },
      /the last lines of .*gunicorn-\d\.log:[^]*ImportError: no way/,
    ],
    "fails to start": [
      { name: "dead", entry: lifespan },
      /the last lines of .*gunicorn-\d\.log:[^]*no database/,
    ],
  };
  for (const [what, [release, reason]] of Object.entries(bad)) {
    it(`leaves WebSockets alone when a release ${what}`, async () => {
      site.write(release);
      const [load, sockets] = await busy(async () => {
        assert.match(await stack.failedUp(), reason);
      });
      assertNothingLost(load, "two");
      assertAllEchoed(sockets, "two");
      await site.assertWhole(2);
    });
  }

  it("goes back to a release of the other interface", async () => {
    const records = await stack.ssh("sudo sh -c 'grep -l ^wsgi /srv/mysite/releases/*/record'");
    await stack.rollback(records.split("/").at(-2) ?? "");
    assert.equal((await stack.http("/echo?back")).text, "wsgi back");
  });

  describe("with one instance, whose workers are replaced all the time", () => {
    before(async () => {
      await site.configure({ instances: 1, workers: 2, maxRequests: 500, timeout, gracefulTimeout: 10 });
      await site.deploy("lone");
      await site.assertWhole(1);
    });

    it("loses no request and no message to a deploy", async () => {
      const [load, sockets] = await busy(() => site.deploy("three"));
      assertNothingLost(load, "lone", "three");
      assertAllEchoed(sockets, "lone", "three");
      await site.assertWhole(1);
      assert.match(await logs(), /Maximum request limit of \d+ exceeded/);
    });
  });

  it("has said nothing of a mistake in all that time", async () => {
    const text = (await logs()).replaceAll(/^.*(ImportError: no way|no database).*$/gm, "");
    assert.doesNotMatch(text, /ClientDisconnected|RuntimeError|Task exception|was never retrieved/);
  });
});
