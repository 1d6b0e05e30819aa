import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { paths } from "../../tools/toolchain/environment";
import { goBuild } from "../../tools/toolchain/goBuild";
import { eventually } from "./eventually";

/** An S3 API on this computer, in front of it a door that a test can shut. */
export interface S3Store {
  /** The port of the door, on 127.0.0.1. */
  port: number;
  /** Every request that came, with the id of the key that signed it. */
  requests: { method: string; path: string; key: string }[];
  /** While true, all requests are refused, as by a key without rights. */
  isShut: boolean;
  stop(): void;
}

const program = "github.com/johannesboyne/gofakes3/cmd/gofakes3";

/**
 * Starts gofakes3, which keeps everything in memory, with one empty bucket. It does not check signatures; the door admits
 * one key's only.
 * @throws where Go is missing
 */
export async function startS3Store({ bucket, key }: { bucket: string; key: string }): Promise<S3Store> {
  const folder = join(paths.local, "s3-store");
  const executable = join(folder, "gofakes3");
  mkdirSync(folder, { recursive: true });
  if (!existsSync(executable)) await goBuild({ folder: "s3-store", program, version: "1.2.0" }, `${folder}/`);
  const inner = await freePort();
  const child = spawn(
    executable,
    ["-backend", "memory", "-initialbucket", bucket, "-host", `127.0.0.1:${inner}`, "-quiet"],
    { stdio: "ignore" },
  );
  const store = { requests: [] as S3Store["requests"], isShut: false };
  const door = createServer((incoming, outgoing) => {
    const { method = "", url = "", headers } = incoming;
    const signer = /Credential=([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "nobody";
    store.requests.push({ method, path: url, key: signer });
    if (store.isShut || signer !== key) {
      incoming.resume();
      outgoing.writeHead(403, { "content-type": "application/xml" });
      outgoing.end("<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>");
      return;
    }
    const passedOn = request({ port: inner, host: "127.0.0.1", method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    passedOn.on("error", () => outgoing.destroy());
    incoming.pipe(passedOn);
  });
  const port = await listening(door);
  await eventually(10, () => answers(inner));
  return Object.assign(store, {
    port,
    stop() {
      door.close();
      door.closeAllConnections();
      child.kill();
    },
  });
}

const listening = (server: ReturnType<typeof createServer>): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      resolve((server.address() as AddressInfo).port);
    });
  });

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const answers = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    request({ port, host: "127.0.0.1" }, (answer) => {
      answer.resume();
      resolve();
    })
      .on("error", reject)
      .end();
  });
