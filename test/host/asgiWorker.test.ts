import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hostFolder, run } from "./bash";

describe("the visitors of a release that speaks ASGI", () => {
  const folder = mkdtempSync(join(tmpdir(), "asgi-worker-test-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /**
   * Runs Python with the worker's classes, and stand-ins for the packages that it is made with. `lead(to)` turns nginx's
   * link; `visitors(app)` is what meets an app; `Client` stands for uvicorn, and what was said to it is in `heard`.
   */
  async function python(code: string): Promise<unknown> {
    const program = `
import asyncio, json, os, sys, types
for name in ("gunicorn", "gunicorn.arbiter", "uvicorn", "uvicorn_worker"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["gunicorn.arbiter"].Arbiter = object
sys.modules["uvicorn"].Server = object
sys.modules["uvicorn_worker"].UvicornWorker = type("UvicornWorker", (), {"CONFIG_KWARGS": {}})
exec(open(sys.argv[1]).read())
folder = sys.argv[2]

def lead(to):
    os.symlink(to, f"{folder}/new")
    os.rename(f"{folder}/new", f"{folder}/upstream-0.sock")

def visitors(app):
    return Visitors(app, f"{folder}/gunicorn-0.sock")

class Client:
    def __init__(self):
        self.heard, self.queue, self.closed = [], asyncio.Queue(), False
    async def send(self, message):
        if self.closed:
            raise RuntimeError("Unexpected ASGI message")
        self.heard.append(message.get("text") or message.get("code") or message["type"])
        if message["type"] == "websocket.close":
            self.closed = True
            self.queue.put_nowait({"type": "websocket.disconnect", "code": message["code"]})
    async def visit(self, met):
        await met({"type": "websocket"}, self.queue.get, self.send)

async def echo(scope, receive, send):
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await asyncio.sleep(message.get("takes", 0))
        await send({"type": "websocket.send", "text": message["text"]})

def says(text, **more):
    return {"type": "websocket.receive", "text": text, **more}

async def main():
${code.replaceAll(/^(?=.)/gm, "    ")}

print(json.dumps(asyncio.run(main())))`;
    const script = join(hostFolder, "asgi-worker.py");
    const { status, stdout, stderr } = await run(["python3", "-c", program, script, folder]);
    assert.equal(status, 0, stderr);
    assert.equal(stderr, "");
    return JSON.parse(stdout);
  }

  it("end an HTTP connection with its response before and after their instance is in service", async () => {
    const answers = await python(`
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")]})
    await send({"type": "http.response.body"})

met, closes = visitors(app), []
async def send(message):
    if message["type"] == "http.response.start":
        closes.append((b"connection", b"close") in message["headers"])
for link in ("gunicorn-1.sock", "gunicorn-0.sock", "gunicorn-1.sock"):
    lead(link)
    met.look()
    await met({"type": "http"}, None, send)
return closes`);
    assert.deepEqual(answers, [true, false, true]);
  });

  it("have their WebSockets closed with 1012 once, when it goes out of service, each message in hand answered", async () => {
    const heard = await python(`
met, idle, busy = visitors(echo), Client(), Client()
met.look()
tasks = [asyncio.create_task(client.visit(met)) for client in (idle, busy)]
idle.queue.put_nowait(says("before it was in service"))
await asyncio.sleep(0.1)
lead("gunicorn-0.sock")
met.look()
busy.queue.put_nowait(says("slow", takes=0.3))
await asyncio.sleep(0.1)
lead("gunicorn-1.sock")
met.look()
await asyncio.wait_for(asyncio.gather(*tasks), 1)
return [idle.heard, busy.heard]`);
    assert.deepEqual(heard, [
      ["websocket.accept", "before it was in service", 1012],
      ["websocket.accept", "slow", 1012],
    ]);
  });

  it("wait a second for an app that does not listen, and drop what it says then", async () => {
    const [heard, seconds] = (await python(`
async def ticker(scope, receive, send):
    await send({"type": "websocket.accept"})
    for tick in range(16):
        await send({"type": "websocket.send", "text": "tick"})
        await asyncio.sleep(0.1)

met, client = visitors(ticker), Client()
met.leave()
begin = asyncio.get_running_loop().time()
task = asyncio.create_task(client.visit(met))
while not client.closed:
    await asyncio.sleep(0.01)
seconds = asyncio.get_running_loop().time() - begin
await task
return [client.heard, seconds]`)) as [unknown[], number];
    assert.equal(heard.at(-1), 1012);
    assert.ok(heard.length > 8 && heard.length < 16, String(heard));
    assert.ok(seconds > 0.9 && seconds < 1.3, String(seconds));
  });

  it("leave an app its own mistakes, and a socket that it has refused", async () => {
    const outcome = await python(`
async def wrong(scope, receive, send):
    await send({"type": "websocket.close", "code": 1000})
    await send({"type": "websocket.send", "text": "after the close"})

met, client = visitors(wrong), Client()
met.leave()
try:
    await client.visit(met)
except RuntimeError as error:
    return [client.heard, str(error)]`);
    assert.deepEqual(outcome, [[1000], "Unexpected ASGI message"]);
  });
});
