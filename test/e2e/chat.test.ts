import { strict as assert } from "node:assert";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { WebSocket } from "ws";

import { checkout } from "../../tools/toolchain/environment";
import type { Status } from "../../tools/verbs/statusLines";
import { Browser } from "../support/browser";
import { eventually } from "../support/eventually";
import { catchMail, caughtMail, mailPort } from "../support/mailCatcher";
import { type Run, Stack } from "../support/stack";

interface Message {
  id: number;
  text: string;
  picture: string;
  thumbnail: string;
}

const password = "quince & -hush-";

/** What is said by WebSocket. */
interface Said {
  type: string;
  message?: Message;
}

/** Someone in a room: what they heard, and why the server ended it. */
class Listener {
  readonly heard: Said[] = [];
  closed: number | undefined;
  private readonly socket: WebSocket;

  constructor(browser: Browser, room: string) {
    const { host } = new URL(browser.origin);
    this.socket = new WebSocket(`ws://127.0.0.1:${host.split(":")[1] ?? "80"}/ws/rooms/${room}/`, {
      headers: { host, origin: browser.origin, cookie: browser.cookie },
    });
    this.socket.on("message", (data: Buffer) => {
      this.heard.push(JSON.parse(data.toString()) as Said);
    });
    this.socket.on("close", (code) => (this.closed = code));
    this.socket.on("error", () => undefined);
  }

  say(text: string): void {
    this.socket.send(JSON.stringify({ text }));
  }

  async hears(what: (event: Said) => boolean, seconds = 10): Promise<void> {
    await eventually(seconds, () => {
      assert.ok(this.heard.some(what), JSON.stringify(this.heard));
      return Promise.resolve();
    });
  }

  leave(): void {
    this.socket.close();
  }
}

describe("a chat with PostgreSQL, Redis, a worker, a clock, uploads and mail", () => {
  const stack = new Stack();
  const folder = join(stack.folder, "app");
  const ada = new Browser(stack);
  let first = "";
  let messages: Message[] = [];

  before(async () => {
    await stack.init();
    cpSync(join(checkout, "examples/chat"), folder, {
      recursive: true,
      filter: (file) => !/^(db\.sqlite3.*|media|staticfiles|\.venv|__pycache__)$/.test(basename(file)),
    });
    await stack.configure(
      {
        site: { name: "courtyard", domains: ["localhost"] },
        app: {
          ...{ path: folder, interface: "asgi", settingsModule: "courtyard.settings.production" },
          ...{ compileMessages: true, fixtures: ["rooms"] },
        },
        database: { server: "machine" },
        redis: { server: "machine" },
        processes: {
          worker: { command: "celery -A courtyard worker --loglevel info --concurrency 2", stopTimeout: 120 },
          beat: { command: 'celery -A courtyard beat --loglevel info --schedule "$HOME/data/celerybeat"' },
        },
        timers: { digest: { command: "python manage.py send_digest", schedule: "07:00 Europe/Paris" } },
        mail: { host: "127.0.0.1", port: mailPort, security: "none", from: "Courtyard <hello@example.org>" },
        health: { path: "/healthz" },
      },
      { superuser: { username: "ada", email: "ada@example.org", password } },
    );
  });
  after(() => stack.close());

  const succeeded = ({ code, text }: Run): string => {
    assert.equal(code, 0, text);
    return text;
  };

  const said = async (): Promise<Message[]> => {
    const answer = await ada.get("/rooms/garden/messages");
    assert.equal(answer.status, 200);
    return (JSON.parse(answer.text) as { messages: Message[] }).messages;
  };

  /** The releases that the processes of a program run the code of. */
  const releasesOf = async (program: string): Promise<string[]> => {
    const folders = await stack.ssh(
      `for pid in $(sudo supervisorctl status | awk '$1 ~ /^courtyard-${program}-/ && /RUNNING/ { print $4 }' | tr -d ,)
       do ps -o args= -p $pid | grep -oE 'releases/[^/]+' | cut -d / -f 2; done`,
    );
    return [...new Set(folders.split("\n"))];
  };

  /** Healthy at once, an instance is STARTING in supervisor's eyes for some seconds. */
  const assertAllRun = (release: string): Promise<void> =>
    eventually(20, async () => {
      for (const program of ["gunicorn", "worker", "beat"])
        assert.deepEqual(await releasesOf(program), [release], program);
    });

  it("is online from settings alone, and whole", async () => {
    await stack.up();
    first = stack.output("release");
    await catchMail(stack);
    assert.deepEqual(await stack.http("/healthz").then(({ status, text }) => [status, text]), [200, "ok"]);
    succeeded(await stack.verb("status"));
    await stack.up("--expect-no-changes");
  });

  it("lets in who was named as its superuser, in the language that is asked for", async () => {
    const page = await ada.get("/login/", { "accept-language": "fr" });
    assert.match(page.text, /lang="fr"/);
    assert.match(page.text, /Mot de passe/);
    const answer = await ada.post("/login/", { username: "ada", password });
    assert.equal(answer.status, 302, answer.text);
    assert.match((await ada.get("/")).text, /The garden/);
  });

  it("tells all in a room what one says, by WebSocket", async () => {
    const [one, other] = [new Listener(ada, "garden"), new Listener(ada, "garden")];
    for (const listener of [one, other]) await listener.hears(({ type }) => type === "welcome");
    one.say("the quinces are ripe");
    for (const listener of [one, other])
      await listener.hears(({ message }) => message?.text === "the quinces are ripe");
    for (const listener of [one, other]) listener.leave();
  });

  it("has the worker make a small picture of an upload, which nginx serves", async () => {
    await ada.get("/rooms/garden/");
    const picture = readFileSync(join(__dirname, "../support/quince.png"));
    const answer = await ada.post("/rooms/garden/messages", { text: "look" }, { picture });
    assert.equal(answer.status, 201, answer.text);
    await eventually(30, async () => {
      assert.ok(
        (await said()).at(-1)?.thumbnail,
        await stack.ssh("sudo tail -n 5 /var/log/courtyard/worker-0.log"),
      );
    });
    messages = await said();
    const { picture: large = "", thumbnail = "" } = messages.at(-1) ?? {};
    assert.deepEqual((await stack.http(large)).body, picture);
    const small = await stack.http(thumbnail);
    assert.deepEqual([small.status, small.headers["content-type"]], [200, "image/webp"]);
  });

  it("has the clock count, and a room told of it", async () => {
    const listener = new Listener(ada, "garden");
    await listener.hears(({ type }) => type === "welcome");
    listener.say("how many are we?");
    await listener.hears(({ type }) => type === "tally", 75);
    listener.leave();
    messages = await said();
  });

  it("mails an invitation that lets a friend in", async () => {
    await ada.get("/invite/");
    assert.equal((await ada.post("/invite/", { address: "grace@example.org" })).status, 302);
    const mail = await eventually(30, async () => {
      const text = await caughtMail(stack);
      assert.match(text, /^To: grace@example\.org\r?$/m);
      return text;
    });
    assert.match(mail, /^From: Courtyard <hello@example\.org>\r?$/m);
    const link = /\/join\/\S+\//.exec(mail.replaceAll(/=\r?\n/g, ""))?.[0] ?? "";
    const grace = new Browser(stack);
    assert.equal((await grace.get(link)).status, 200, link);
    const word = "windfall-apples-7";
    const joined = await grace.post(link, { username: "grace", password1: word, password2: word });
    assert.equal(joined.status, 302, joined.text);
    assert.match((await grace.get("/")).text, /The garden/);
  });

  it("runs its timer's command at once when it is asked to, and tells how it went", async () => {
    await stack.ssh("sudo systemctl start courtyard-digest.service");
    assert.match(await caughtMail(stack), /^To: grace@example\.org\r?\n(?:.*\r?\n)*?.*quinces/m);
    const { timers, databases, redis } = JSON.parse(
      (await stack.verb("status", ["--json"])).stdout,
    ) as Status;
    assert.deepEqual(
      timers.map(({ name, result }) => [name, result]),
      [["digest", "success"]],
    );
    assert.ok((databases?.[0]?.size ?? 0) > 1e6);
    assert.ok((redis?.keys ?? -1) >= 0);
  });

  it("is rolled as a whole, and asks those in a room to come again", async () => {
    const base = join(folder, "templates/base.html");
    writeFileSync(base, `${readFileSync(base, "utf8")}<!-- second -->\n`);
    const listener = new Listener(ada, "garden");
    await listener.hears(({ type }) => type === "welcome");
    await stack.up();
    assert.equal(listener.closed, 1012);
    const second = stack.output("release");
    assert.notEqual(second, first);
    await assertAllRun(second);
    assert.match((await ada.get("/")).text, /<!-- second -->/);
    assert.deepEqual(await said(), messages);
  });

  it("is rolled back as a whole when its worker does not start, and when a person wants it", async () => {
    const second = stack.output("release");
    const celery = join(folder, "courtyard/celery.py");
    const text = readFileSync(celery, "utf8");
    writeFileSync(
      celery,
      `${text}\nif "worker" in __import__("sys").argv:\n    raise SystemExit("no hands")\n`,
    );
    const failure = await stack.failedUp();
    assert.match(failure, /courtyard-worker-0 does not stay up/);
    assert.match(failure, /no hands/);
    await assertAllRun(second);
    writeFileSync(celery, text);
    await stack.rollback(first);
    await assertAllRun(first);
    assert.doesNotMatch((await ada.get("/")).text, /<!-- second -->/);
    assert.deepEqual(await said(), messages);
  });

  it("is backed up, destroyed and restored with every message, picture and session", async () => {
    const pictures = await Promise.all(
      messages.map(async ({ picture }) => (picture === "" ? undefined : stack.http(picture))),
    );
    succeeded(await stack.verb("backup"));
    await stack.ssh(
      "sudo -u postgres psql --quiet courtyard",
      "SET ROLE courtyard; DROP SCHEMA public CASCADE; CREATE SCHEMA public;",
    );
    await stack.ssh("sudo find /srv/courtyard/shared/media -mindepth 1 -delete");
    assert.equal((await stack.http("/healthz")).status, 503);
    succeeded(await stack.verb("restore", ["--yes"]));
    assert.deepEqual(await said(), messages);
    for (const [index, { picture }] of messages.entries())
      if (picture !== "") assert.deepEqual((await stack.http(picture)).body, pictures[index]?.body);
    const listener = new Listener(ada, "garden");
    await listener.hears(({ type }) => type === "welcome");
    listener.say("all is as it was");
    await listener.hears(({ message }) => message?.text === "all is as it was");
    listener.leave();
    succeeded(await stack.verb("status"));
  });

  it("keeps its secrets to itself", async () => {
    const secrets = await stack.ssh(
      "sudo sh -c 'cat /etc/django-server/courtyard/generated /etc/django-server/courtyard/services/*' | grep -oE \"(SECRET_KEY|PASSWORD)='[^']+'\" | cut -d \"'\" -f 2 | sort -u",
    );
    const list = [...secrets.split("\n"), password];
    assert.ok(list.length >= 4, secrets);
    const processes = await stack.ssh("ps axww -o args=");
    const logs = await stack.ssh("sudo sh -c 'cat /var/log/courtyard/*.log; journalctl --no-pager'");
    for (const secret of list)
      for (const [where, text] of Object.entries({
        processes,
        logs,
        state: stack.state(),
        said: stack.transcript,
      }))
        assert.ok(!text.includes(secret), `${secret.slice(0, 3)}… is in ${where}`);
  });
});
