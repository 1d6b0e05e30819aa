import { connect as connectHttp2 } from "node:http2";
import { request } from "node:https";
import { connect, type ConnectionOptions, type PeerCertificate, type TLSSocket } from "node:tls";

import type { HttpAnswer, HttpOptions } from "./http";
import { received } from "./http";

export interface HttpsOptions extends HttpOptions {
  host: string;
  /** Whom to trust, PEM. */
  ca: string;
  /** @default true */
  rejectUnauthorized?: boolean;
}

/** One request by HTTPS to a machine of this computer's, on a connection of its own. */
export function askHttps(
  port: number,
  path: string,
  { host, method = "GET", headers = {}, body, ca, rejectUnauthorized = true }: HttpsOptions,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const target = {
      ...{ host: "127.0.0.1", servername: host, port, path, method, ca, rejectUnauthorized },
      ...{ agent: false, timeout: 30_000 },
    };
    const asked = request({ ...target, headers: { host: `${host}:${port}`, ...headers } }, (answer) => {
      received(answer).then(resolve, reject);
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer from ${host}${path} within 30 s`)));
    asked.on("error", reject);
    asked.end(body);
  });
}

/** What a handshake ends with. */
export interface Handshake {
  protocol: string | null;
  /** What was agreed on for the application: `h2`, `http/1.1`, or nothing. */
  application: string | false | null;
  certificate: PeerCertificate;
}

/** Shakes hands, whoever vouches for the certificate, and goes; rejects when the other side refuses. */
export function shakeHands(
  port: number,
  servername: string | undefined,
  options: ConnectionOptions = {},
): Promise<Handshake> {
  return new Promise((resolve, reject) => {
    const name = servername === undefined ? {} : { servername };
    const target = { host: "127.0.0.1", port, rejectUnauthorized: false, ALPNProtocols: ["h2", "http/1.1"] };
    const socket: TLSSocket = connect({ ...target, ...name, ...options }, () => {
      const ended = { protocol: socket.getProtocol(), application: socket.alpnProtocol };
      resolve({ ...ended, certificate: socket.getPeerCertificate() });
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

/** The status of one request by HTTP/2. */
export function statusByHttp2(port: number, path: string, { host, ca }: HttpsOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`https://127.0.0.1:${port}`, { servername: host, ca });
    session.on("error", reject);
    const asked = session.request({ ":path": path, ":authority": `${host}:${port}` });
    asked.on("error", reject);
    asked.on("response", ({ ":status": status }) => {
      resolve(status ?? 0);
      session.destroy();
    });
  });
}
