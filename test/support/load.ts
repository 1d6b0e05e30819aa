import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";

export interface LoadOptions {
  port: number;
  /** The site's own, without its port. */
  host: string;
  /** Connections that are kept alive, each with one request at a time. */
  connections: number;
  /** Requests a second, over all connections. */
  rate: number;
}

/** What became of a load's requests. */
export interface LoadResult {
  requests: number;
  posts: number;
  /** Requests without their right answer, by what they got instead. */
  lost: Record<string, number>;
  /** How many answers came from which release. */
  releases: Record<string, number>;
}

/**
 * Asks `/echo` steadily, GET and POST by turns, until at least `count` requests are done and `work` has ended. An answer
 * is right when it is a 200 with the release's name and the request's own token or body. Nothing is tried again.
 * @throws what `work` throws, after the load has ended
 */
export async function underLoad(
  options: LoadOptions,
  count: number,
  work: () => Promise<unknown>,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections });
  const result: LoadResult = { requests: 0, posts: 0, lost: {}, releases: {} };
  const begin = Date.now();
  let working = true;
  let started = 0;

  const one = async (): Promise<void> => {
    const post = ++started % 2 === 0;
    const token = randomBytes(post ? 1 + (started % 6000) : 8).toString("hex");
    const release = await echo(options, agent, token, post).catch((error: unknown) => {
      const reason = `${post ? "POST" : "GET"}: ${error instanceof Error ? error.message : String(error)}`;
      result.lost[reason] = (result.lost[reason] ?? 0) + 1;
      return undefined;
    });
    result.requests += 1;
    if (post) result.posts += 1;
    if (release !== undefined) result.releases[release] = (result.releases[release] ?? 0) + 1;
  };
  const connection = async (): Promise<void> => {
    while (working || started < count) {
      const early = begin + (started / options.rate) * 1000 - Date.now();
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
      await one();
    }
  };

  const load = Promise.all(Array.from({ length: options.connections }, connection));
  try {
    await work();
  } finally {
    working = false;
    await load;
    agent.destroy();
  }
  return result;
}

/** One request; returns the release that answered, `RELEASE TOKEN` being the right answer. */
function echo({ port, host }: LoadOptions, agent: Agent, token: string, post: boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const target = { host: "127.0.0.1", port, agent, timeout: 30_000, headers: { host: `${host}:${port}` } };
    const asked = request(
      { ...target, path: post ? "/echo" : `/echo?${token}`, method: post ? "POST" : "GET" },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (part: string) => (text += part));
        answer.on("error", reject);
        answer.on("end", () => {
          const [release = "", echoed] = text.split(" ");
          if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode ?? 0}`));
          else if (echoed !== token) reject(new Error("another answer than its own"));
          else resolve(release);
        });
      },
    );
    asked.on("timeout", () => asked.destroy(new Error("no answer within 30 s")));
    asked.on("error", reject);
    asked.end(post ? token : undefined);
  });
}
