import { strict as assert } from "node:assert";
import { gunzipSync } from "node:zlib";

import { pause } from "../../support/eventually";
import type { HttpAnswer } from "../../support/http";
import { pinNote, picture, stylesheetOf } from "../../support/notes";
import type { SampleSite } from "../../support/sampleSite";

/** What nginx and the app promise to visitors. */
export function promises({ stack }: SampleSite): void {
  describe("a visitor", () => {
    it("writes to the database, and sees it", async () => {
      assert.equal((await pinNote(stack, "A ladder to lend")).status, 302);
      assert.match((await stack.http("/")).text, /A ladder to lend/);
    });

    it("cannot write without the form's token", async () => {
      assert.equal((await stack.http("/notes/new/", { method: "POST", body: "title=x" })).status, 403);
    });

    it("gets uploads from nginx, as pictures that run nothing", async () => {
      const url = /src="(\/media\/[^"]+)"/.exec((await stack.http("/")).text)?.[1] ?? "no upload";
      const answer = await stack.http(url);
      assert.equal(answer.status, 200);
      assert.deepEqual(answer.body, picture);
      assert.equal(answer.headers["content-type"], "image/gif");
      assert.equal(answer.headers["x-content-type-options"], "nosniff");
      assert.match(String(answer.headers["content-security-policy"]), /default-src 'none'.*sandbox/);
    });

    it("keeps a static file for ever when its name tells its content", async () => {
      const url = stylesheetOf(await stack.http("/"));
      const plain = await stack.http(url);
      assert.equal(plain.headers["cache-control"], "public, max-age=31536000, immutable");
      const small = await stack.http(url, { headers: { "accept-encoding": "gzip" } });
      assert.equal(small.headers["content-encoding"], "gzip");
      assert.deepEqual(gunzipSync(small.body), plain.body);
      assert.ok(small.body.length < plain.body.length / 2);
    });

    it("keeps other static files for an hour", async () => {
      const answer = await stack.http("/static/board/board.css");
      assert.equal(answer.headers["cache-control"], "public, max-age=3600");
    });

    it("never sees hidden files and backups", async () => {
      for (const path of [
        "/.env",
        "/.git/config",
        "/static/.hidden",
        "/media/.hidden",
        "/settings.py~",
        "/x.bak",
      ]) {
        assert.equal((await stack.http(path)).status, 404, path);
      }
    });

    it("gets each security header once, the app's own before nginx's", async () => {
      const fromApp = await stack.http("/");
      assert.deepEqual(named(fromApp, "x-frame-options"), ["x-frame-options: DENY"]);
      const fromNginx = await stack.http("/static/board/board.css");
      assert.deepEqual(named(fromNginx, "x-frame-options"), ["x-frame-options: SAMEORIGIN"]);
      for (const answer of [fromApp, fromNginx]) {
        assert.equal(named(answer, "x-content-type-options").length, 1);
        assert.equal(named(answer, "referrer-policy").length, 1);
      }
    });

    it("is not told what versions run", async () => {
      for (const path of ["/", "/static/nothing", "/.env"]) {
        const answer = await stack.http(path);
        assert.equal(answer.headers.server, "nginx");
        assert.doesNotMatch(answer.text, /nginx\/\d|gunicorn|Python/);
      }
    });

    it("who asks for an unknown host is hung up on", async () => {
      await assert.rejects(stack.http("/", { host: "somebody.else.example" }), { code: "ECONNRESET" });
    });

    it("cannot send more than the limit", async () => {
      const length = String(21 * 2 ** 20);
      const answer = await stack.http("/notes/new/", {
        method: "POST",
        headers: { "content-length": length },
      });
      assert.equal(answer.status, 413);
    });

    it("who floods the app gets 429, and is welcome again soon after", async () => {
      const count = async (path: string, status: number, times: number): Promise<number> => {
        const ask = async (): Promise<number> => (await stack.http(path)).status;
        const statuses: number[] = [];
        while (statuses.length < times)
          statuses.push(...(await Promise.all(Array.from({ length: 40 }, ask))));
        const others = statuses.filter((one) => one !== 200 && one !== 429);
        assert.deepEqual(others, []);
        return statuses.filter((one) => one === status).length;
      };
      // What was asked before has been forgiven by then: a burst of 120, at 30 a second.
      await pause(4);
      const begin = Date.now();
      const served = await count("/healthz", 200, 400);
      const most = 121 + (30 * (Date.now() - begin)) / 1000;
      assert.ok(served >= 100 && served <= Math.min(most, 380), `${served} of 400 were served`);
      assert.equal(await count("/static/board/board.css", 429, 200), 0);
      await pause(2);
      assert.equal((await stack.http("/")).status, 200);
    });
  });
}

const named = ({ headerLines }: HttpAnswer, name: string): string[] =>
  headerLines.filter((line) => line.startsWith(`${name}:`));
