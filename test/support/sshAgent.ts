import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentProtocol, utils } from "ssh2";

/** Starts an SSH agent that holds one private key, on a socket of its own. */
export async function startSshAgent(privateKey: string): Promise<{ socket: string; stop(): void }> {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  const server = createServer((connection) => {
    const agent = new AgentProtocol(false);
    agent.on("identities", (request) => {
      agent.getIdentitiesReply(request, [key]);
    });
    agent.on("sign", (request, _publicKey, data) => {
      const signature = key.sign(data);
      if (signature instanceof Error) agent.failureReply(request);
      else agent.signReply(request, signature);
    });
    connection.pipe(agent).pipe(connection);
  });
  const folder = mkdtempSync(join(tmpdir(), "ssh-agent-"));
  const socket = join(folder, "socket");
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    socket,
    stop() {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
