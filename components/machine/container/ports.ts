import { createServer } from "node:net";

/** The first port from `from` on that is neither taken nor free no longer: `isFree` is asked one by one. */
export async function firstFreePort(
  from: number,
  taken: ReadonlySet<number>,
  isFree: (port: number) => Promise<boolean> = isFreeOnLoopback,
): Promise<number> {
  for (let port = from; port < 65536; port++) {
    if (!taken.has(port) && (await isFree(port))) return port;
  }
  throw new Error(`No port from ${from} on is free on this computer`);
}

function isFreeOnLoopback(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** True when a container engine refused to start a container because of a port. */
export function isPortTaken(message: string): boolean {
  return /address already in use|port is already allocated|ports are not available/i.test(message);
}
