import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "ssh2";
import { authentication, loginOf, type Login } from "./login";
import type { Connection, Endpoint } from "./connection";
import { dialFailure, handshakeFailure, message } from "./failures";
import type { Operation } from "./resource";

/**
 * Opens a connection, through the bastion where there is one; closing it closes the bastion's too. A wrong key text or
 * an absent agent fails at once, all else (refused, timed out, wrong host key, not let in) after the allowed retries.
 */
export async function dial(connection: Connection, operation: Operation): Promise<Client> {
  const login = await loginOf(connection);
  const { dialErrorLimit: limit, proxy } = connection;
  if (proxy === undefined) {
    return retry("Dial", limit, operation, async () => handshake(await tcp(connection), login));
  }
  try {
    const proxyLogin = await loginOf(proxy);
    const bastion = await retry("Dial proxy", proxy.dialErrorLimit, operation, async () =>
      handshake(await tcp(proxy), proxyLogin),
    );
    try {
      const target = await retry("Dial from proxy", limit, operation, async () =>
        handshake(await tunnel(bastion, connection), login),
      );
      return target.once("close", () => bastion.end());
    } catch (error) {
      bastion.end();
      throw error;
    }
  } catch (error) {
    throw new Error(`proxy: ${message(error)}`, { cause: error });
  }
}

/** Tries again after 0.1 s, then 1.5 times as long each time, at most 5 s, until `limit` retries have failed too. */
async function retry<T>(
  what: string,
  limit: number,
  operation: Operation,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failed = 0, delay = 100; ; failed++, delay = Math.min(delay * 1.5, 5000)) {
    try {
      return await attempt();
    } catch (error) {
      if (limit > -1 && failed >= limit)
        throw new Error(`after ${failed} failed attempts: ${message(error)}`, { cause: error });
      operation.status(`${what} ${failed + 1}/${limit === -1 ? "inf" : limit} failed: retrying`);
    }
    if (operation.signal.aborted) throw new Error("context canceled");
    await sleep(delay);
  }
}

function tcp({ host, port, perDialTimeout }: Endpoint): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const fail = (error: NodeJS.ErrnoException) => {
      socket.destroy();
      reject(dialFailure(host, port, error));
    };
    const timer =
      perDialTimeout > 0
        ? setTimeout(() => {
            fail(Object.assign(new Error("i/o timeout"), { code: "ETIMEDOUT" }));
          }, perDialTimeout * 1000)
        : undefined;
    socket.once("error", fail).once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

function tunnel(bastion: Client, { host, port }: Endpoint): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    bastion.forwardOut("127.0.0.1", 0, host, port, (error, stream) => {
      if (error)
        reject(new Error(`ssh: rejected: connect failed (${error.message.replace(/^.*failure: /, "")})`));
      else resolve(stream);
    });
  });
}

function handshake(sock: Duplex, { server, methods }: Login): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    const tried: string[] = [];
    client
      // Listening for good: an error after the login ends the running channels, which report it.
      .on("error", (error) => {
        sock.destroy();
        reject(handshakeFailure(error, tried));
      })
      .once("close", () => {
        reject(new Error("ssh: handshake failed: EOF"));
      })
      .once("ready", () => {
        resolve(client);
      })
      // No time limit on the handshake, as in the real plugin: a login may wait for a slow server.
      .connect({ ...server, authHandler: authentication(methods, tried), sock, readyTimeout: 0 });
  });
}
