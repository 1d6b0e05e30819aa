import { strict as assert } from "node:assert";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { type Ended, runWith } from "./bash";

describe("the probe", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  async function serve(listener: RequestListener): Promise<string> {
    const listening = createServer(listener);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}/up`;
  }

  const probe = (url: string, { range = "200-399", seconds = "1", giveUp = "false" } = {}): Promise<Ended> =>
    runWith(["probe"], 'probe "$@"', ["web", range, seconds, giveUp, "--header", "Host: example.org", url]);

  it("is content with a status of the range, asked with the site's own host", async () => {
    const hosts: unknown[] = [];
    const url = await serve((request, response) => {
      hosts.push(request.headers.host);
      response.writeHead(302).end();
    });
    assert.deepEqual(await probe(url), { status: 0, stdout: "web answers 302\n", stderr: "" });
    assert.deepEqual(hosts, ["example.org"]);
  });

  it("waits for an app that is not well yet", async () => {
    let asked = 0;
    const url = await serve((_, response) => response.writeHead(++asked < 3 ? 503 : 200).end());
    assert.equal((await probe(url, { seconds: "10" })).status, 0);
    assert.equal(asked, 3);
  });

  it("shows the status and how the answer begins", async () => {
    const url = await serve((_, response) =>
      response.writeHead(500).end(`first line\nsecond\0 line${"x".repeat(5000)}`),
    );
    const { status, stderr } = await probe(url, { seconds: "0" });
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^web answers 500, expected 200-399; its answer begins:\n {2}first line\n {2}second line/,
    );
    assert.ok(stderr.length < 1000);
  });

  it("explains a 400, which Django gives to hosts it does not know", async () => {
    const url = await serve((_, response) => response.writeHead(400).end());
    assert.match((await probe(url, { seconds: "0" })).stderr, /ALLOWED_HOSTS/);
  });

  it("gives up at once where waiting is in vain, and says why nobody answers", async () => {
    const url = await serve(() => undefined);
    server?.close();
    const started = Date.now();
    const { status, stderr } = await probe(url, { seconds: "60", giveUp: "true" });
    assert.equal(status, 1);
    assert.match(stderr, /^web does not answer: curl: \(7\) /);
    assert.ok(Date.now() - started < 30_000);
  });
});
