import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";

export interface HttpOptions {
  /** @default the host name of the stack's url */
  host?: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** Where to ask. @default 127.0.0.1 */
  address?: string;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Every header line as it came, `name: value`. */
  headerLines: string[];
  /** As it came: compressed when it says so. */
  body: Buffer;
  text: string;
}

/** One request to a machine of this computer's, on a connection of its own. */
export function ask(
  port: number,
  path: string,
  { host = "localhost", method = "GET", headers = {}, body, address = "127.0.0.1" }: HttpOptions = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const target = { host: address, port, path, method, agent: false, timeout: 30_000 };
    const asked = request({ ...target, headers: { host: `${host}:${port}`, ...headers } }, (answer) => {
      received(answer).then(resolve, reject);
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer from ${host}${path} within 30 s`)));
    asked.on("error", reject);
    asked.end(body);
  });
}

/** An answer, once all of it has come. */
export function received(answer: IncomingMessage): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    answer.on("data", (part: Buffer) => parts.push(part));
    answer.on("error", reject);
    answer.on("end", () => {
      const whole = Buffer.concat(parts);
      const lines = answer.rawHeaders.flatMap((name, index, all) =>
        index % 2 === 0 ? [`${name.toLowerCase()}: ${all[index + 1] ?? ""}`] : [],
      );
      resolve({
        ...{ status: answer.statusCode ?? 0, headers: answer.headers, headerLines: lines },
        ...{ body: whole, text: whole.toString() },
      });
    });
  });
}
