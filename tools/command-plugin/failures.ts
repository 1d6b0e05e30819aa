/** The words of the real plugin (Go's net and ssh packages) for what went wrong here, so that logs read the same. */
import { isIP } from "node:net";

export const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const reasons: Record<string, string> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ECONNRESET: "connect: connection reset by peer",
  ETIMEDOUT: "i/o timeout",
};

/** A TCP connection that did not come about. */
export function dialFailure(host: string, port: number, error: NodeJS.ErrnoException): Error {
  // Several addresses of one name fail together.
  const code =
    error.code ??
    (error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException).code : undefined);
  if (code === "ENOTFOUND") return new Error(`dial tcp: lookup ${host}: no such host`);
  const address = isIP(host) === 6 ? `[${host}]` : host;
  return new Error(`dial tcp ${address}:${port}: ${(code && reasons[code]) ?? error.message}`);
}

/** An SSH login that did not come about: a wrong host key, nobody let in, no common algorithm. */
export function handshakeFailure(error: Error & { level?: string }, tried: string[]): Error {
  if (error.message.startsWith("Host denied"))
    return new Error("ssh: handshake failed: ssh: host key mismatch");
  if (error.level !== "client-authentication") return new Error(`ssh: handshake failed: ${error.message}`);
  return new Error(
    `ssh: handshake failed: ssh: unable to authenticate, attempted methods [${tried.join(" ")}], no supported methods remain`,
  );
}
