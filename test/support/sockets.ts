import { WebSocket } from "ws";

export interface SocketsOptions {
  port: number;
  /** The site's own, without its port. */
  host: string;
  path: string;
  /** Clients, each with one socket at a time. */
  count: number;
}

/** What became of the messages that were sent while some work was done. */
export interface SocketsResult {
  sent: number;
  /** Messages that were echoed, whoever they were sent to before. */
  echoed: number;
  /** How often a socket was closed by the server, by its code. */
  closes: Record<string, number>;
  /** What a client got instead of a socket, or of an echo. */
  refused: Record<string, number>;
  /** How many echoes came from which release. */
  releases: Record<string, number>;
}

const count = (counts: Record<string, number>, name: string | number): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

/**
 * Sends a message over each socket about ten times a second until `work` has ended, and ends when all are echoed or after
 * ten seconds more. A client whose socket is closed connects again at once, and sends again what was not echoed: no more.
 * @throws what `work` throws, after the sockets are closed
 */
export async function withSockets(
  options: SocketsOptions,
  work: () => Promise<unknown>,
): Promise<SocketsResult> {
  const result: SocketsResult = { sent: 0, echoed: 0, closes: {}, refused: {}, releases: {} };
  const clients = Array.from({ length: options.count }, (_, index) => new Client(options, index, result));
  await Promise.all(clients.map((client) => client.ready));
  const ticking = setInterval(() => {
    for (const client of clients) client.say();
  }, 100);
  try {
    await work();
  } finally {
    clearInterval(ticking);
    const deadline = Date.now() + 10_000;
    while (result.echoed < result.sent && Date.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 50));
    for (const client of clients) client.end();
  }
  return result;
}

class Client {
  readonly ready: Promise<void>;
  private socket!: WebSocket;
  private readonly waiting = new Set<string>();
  private ended = false;

  constructor(
    private readonly options: SocketsOptions,
    private readonly index: number,
    private readonly result: SocketsResult,
  ) {
    this.ready = new Promise((resolve) => {
      this.connect(resolve);
    });
  }

  say(): void {
    const message = `${this.index}-${this.result.sent++}`;
    this.waiting.add(message);
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(message);
  }

  end(): void {
    this.ended = true;
    this.socket.close();
  }

  private connect(opened: () => void): void {
    const { port, host, path } = this.options;
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { host: `${host}:${port}` } });
    this.socket = socket;
    socket.on("open", () => {
      for (const message of this.waiting) socket.send(message);
      opened();
    });
    socket.on("message", (data: Buffer) => {
      const [release = "", message = ""] = data.toString().split(" ");
      // What was sent twice may be echoed twice.
      if (!this.waiting.delete(message)) return;
      this.result.echoed += 1;
      count(this.result.releases, release);
    });
    socket.on("error", ({ message }) => {
      count(this.result.refused, message);
    });
    socket.on("close", (code) => {
      if (this.ended) return;
      count(this.result.closes, code);
      this.connect(opened);
    });
  }
}
