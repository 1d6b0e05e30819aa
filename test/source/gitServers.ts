import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { Server, utils, type ServerChannel } from "ssh2";

/** A git server on this computer's loopback that has the repositories of one folder. */
export interface GitServer {
  /** The URL of a repository, by its path in the folder. */
  url(repository: string): string;
  /** Command lines of all processes, as any user sees them, each time a request was let in. */
  seen: string[];
  close(): Promise<void>;
}

/** Git over HTTPS by `git http-backend`, for one user; every path of the folder, .git folders too, is a file as well. */
export async function startHttpsServer(
  folder: string,
  credentials: string,
): Promise<GitServer & { authority: string; refused: number }> {
  const name = (file: string) => path.join(folder, file);
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"];
  const files = [
    "-addext",
    "subjectAltName=IP:127.0.0.1",
    "-keyout",
    name("tls.key"),
    "-out",
    name("tls.crt"),
  ];
  execFileSync("openssl", [...request, ...files], { stdio: "pipe" });
  const expected = `Basic ${Buffer.from(credentials).toString("base64")}`;
  const state = { seen: [] as string[], refused: 0 };
  const server = createServer({ key: readFileSync(name("tls.key")), cert: readFileSync(name("tls.crt")) });
  server.on("request", (asked: IncomingMessage, answer: ServerResponse) => {
    if (asked.headers.authorization === expected) {
      state.seen.push(processes());
      backend(folder, asked, answer);
      return;
    }
    state.refused += 1;
    answer.writeHead(401, { "WWW-Authenticate": 'Basic realm="git"' }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    authority: name("tls.crt"),
    url: (repository: string) => `https://127.0.0.1:${port}/${repository}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  });
}

function backend(folder: string, asked: IncomingMessage, answer: ServerResponse): void {
  const [where = "", query = ""] = (asked.url ?? "").split("?");
  const env = {
    ...process.env,
    ...{ GIT_PROJECT_ROOT: folder, GIT_HTTP_EXPORT_ALL: "1", REMOTE_USER: "test", QUERY_STRING: query },
    ...{ PATH_INFO: where, REQUEST_METHOD: asked.method ?? "GET" },
    ...{
      CONTENT_TYPE: asked.headers["content-type"] ?? "",
      GIT_PROTOCOL: String(asked.headers["git-protocol"] ?? ""),
    },
    ...{ HTTP_CONTENT_ENCODING: asked.headers["content-encoding"] ?? "" },
  };
  const child = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "inherit"] });
  asked.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.on("close", () => {
    const whole = Buffer.concat(chunks);
    const end = whole.indexOf("\r\n\r\n");
    const headers = whole
      .subarray(0, end)
      .toString()
      .split("\r\n")
      .map((line) => line.split(/: (.*)/s, 2));
    const status = headers.find(([header]) => header === "Status")?.[1];
    answer.statusCode = Number(status?.slice(0, 3) ?? 200);
    for (const [header = "", value = ""] of headers) if (header !== "Status") answer.setHeader(header, value);
    answer.end(whole.subarray(end + 4));
  });
}

/** Git over SSH for whoever has the key. */
export async function startSshGitServer(
  folder: string,
): Promise<GitServer & { privateKey: string; hostKey: string; host: string }> {
  const host = utils.generateKeyPairSync("ed25519");
  const login = utils.generateKeyPairSync("ed25519");
  const allowed = utils.parseKey(login.public);
  if (allowed instanceof Error) throw allowed;
  const seen: string[] = [];
  const server = new Server({ hostKeys: [host.private] }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (attempt) => {
      const right = attempt.method === "publickey" && attempt.key.data.equals(allowed.getPublicSSH());
      if (!right) attempt.reject(["publickey"]);
      else if (attempt.signature && attempt.blob && !allowed.verify(attempt.blob, attempt.signature))
        attempt.reject();
      else attempt.accept();
    });
    client.on("session", (accept) => {
      const session = accept();
      session.on("env", (ok: (() => void) | undefined) => ok?.());
      session.on("exec", (run, _, { command }) => {
        seen.push(processes());
        serve(folder, command, run());
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    ...{ seen, privateKey: login.private, hostKey: host.public.trim(), host: `[127.0.0.1]:${port}` },
    url: (repository: string) => `ssh://git@127.0.0.1:${port}/${repository}`,
    close: async () => {
      server.close();
      await once(server, "close").catch(() => undefined);
    },
  };
}

function serve(folder: string, command: string, channel: ServerChannel): void {
  const repository = /^git-upload-pack '\/?([\w./-]+)'$/.exec(command)?.[1];
  if (repository === undefined) {
    channel.exit(127);
    channel.end();
    return;
  }
  const child = spawn("git", ["upload-pack", path.join(folder, repository)]);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.on("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}

const processes = (): string => execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
