import { strict as assert } from "node:assert";

import { utils } from "ssh2";

import type { Entry } from "../../../components/operations";
import { enter, run } from "../../../tools/verbs/entrance";
import { startSshAgent } from "../../support/sshAgent";
import { type SshServer, startSshServer } from "../../support/sshServer";

describe("the way into a machine", () => {
  let server: SshServer;
  let entry: Entry;
  const agent = process.env["SSH_AUTH_SOCK"];

  before(async () => {
    server = await startSshServer();
    const { host, port, user, privateKey, hostKey } = server;
    entry = { host, port, user, privateKey, hostKey: hostKey.trim() };
  });
  after(() => server.stop());
  beforeEach(() => {
    delete process.env["SSH_AUTH_SOCK"];
  });
  after(() => {
    if (agent !== undefined) process.env["SSH_AUTH_SOCK"] = agent;
  });

  /** The output and the exit status of a command that gets a text. */
  async function answer(connection: Parameters<typeof enter>[0]): Promise<string> {
    const machine = await enter(connection);
    const { code, stdout, stderr } = await run(machine, "cat; echo aside >&2; exit 7", "é to and fro");
    machine.end();
    return `${stdout} ${stderr.trim()} ${code}`;
  }
  const went = "é to and fro aside 7";

  it("is a key", async () => {
    assert.equal(await answer(entry), went);
  });

  it("leads through a bastion", async () => {
    assert.equal(await answer({ ...entry, port: server.innerPort, proxy: entry }), went);
  });

  it("is an SSH agent where there is no key", async () => {
    const { privateKey = "", ...keyless } = entry;
    const running = await startSshAgent(privateKey);
    process.env["SSH_AUTH_SOCK"] = running.socket;
    assert.equal(await answer(keyless), went);
    running.stop();
    delete process.env["SSH_AUTH_SOCK"];
    await assert.rejects(enter(keyless), /is entered by an SSH agent, and none runs/);
  });

  it("is not taken when the host key is another one", async () => {
    const hostKey = utils.generateKeyPairSync("ed25519").public.trim();
    await assert.rejects(
      enter({ ...entry, hostKey }),
      /^Error: root@.* another host key than the one that is pinned$/,
    );
  });

  for (const [what, change, reason] of [
    ["nobody answers", { port: 1 }, /root@127\.0\.0\.1:1 can't be entered: .*ECONNREFUSED/],
    ["the key is refused", { user: "nobody" }, /nobody@.* can't be entered: All configured auth/],
    ["the bastion can't go on", { port: 1, proxy: true }, /127\.0\.0\.1 does not let us through/],
  ] as const) {
    it(`that is closed says why: ${what}`, async () => {
      const { proxy, ...changed } = { proxy: false, ...change };
      await assert.rejects(enter({ ...entry, ...changed, ...(proxy && { proxy: entry }) }), reason);
    });
  }
});
