import type { Stack } from "./stack";

/** The port on the machine's loopback where it takes mail. */
export const mailPort = 2525;

/** An SMTP server that keeps each mail it is sent, and delivers none. */
const server = `
import asyncio, itertools, pathlib

folder = pathlib.Path("/var/lib/mail-catcher")
folder.mkdir(exist_ok=True)
numbers = itertools.count(1)

async def session(reader, writer):
    def say(line):
        writer.write(line.encode() + b"\\r\\n")
    say("220 catcher")
    while line := (await reader.readline()).decode().strip():
        verb = line.split(" ")[0].upper()
        if verb == "DATA":
            say("354 go on")
            text = await reader.readuntil(b"\\r\\n.\\r\\n")
            (folder / f"{next(numbers)}.eml").write_bytes(text)
        if verb == "QUIT":
            say("221 bye")
            break
        say("250 ok")
        await writer.drain()
    writer.close()

async def main():
    async with await asyncio.start_server(session, "127.0.0.1", ${mailPort}, limit=2**24) as listening:
        await listening.serve_forever()

asyncio.run(main())
`;

/** Catches the mail of a machine, until it is deleted. */
export async function catchMail(stack: Stack): Promise<void> {
  await stack.ssh("sudo tee /opt/mail-catcher.py >/dev/null", server);
  await stack.ssh("sudo systemd-run --quiet --unit mail-catcher /usr/bin/python3 /opt/mail-catcher.py");
}

/** All that was caught, one mail behind the other, as they were sent. */
export const caughtMail = (stack: Stack): Promise<string> =>
  stack.ssh("sudo sh -c 'cat /var/lib/mail-catcher/*.eml 2>/dev/null || true'");
