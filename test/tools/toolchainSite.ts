import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo } from "node:net";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { create } from "tar";

import type { Pin } from "../../tools/toolchain/pins";
import type { Place } from "../../tools/toolchain/place";

/** A download site on this computer's loopback, and an empty computer whose PATH has nothing. */
export interface TestPlace extends Place {
  folder: string;
  /** What was said. */
  said: string[];
  /** The files that the site was asked for. */
  asked: string[];
  /** The site's address. */
  site: string;
  /** Puts an archive of programs into a folder; returns its SHA-256. */
  pack(archive: string, programs: Record<string, string>): string;
  /** A release of which each platform's archive has one checksum. */
  pin(version: string, sha256: string): Pin;
  stop(): void;
}

/** Where the site's archives lie below the test place's folder. */
export const onSite = "site";

export async function startTestPlace(): Promise<TestPlace> {
  const folder = mkdtempSync(join(tmpdir(), "toolchain-"));
  const asked: string[] = [];
  const said: string[] = [];
  mkdirSync(join(folder, onSite));
  const server = createServer((request, response) => {
    const name = (request.url ?? "").slice(1);
    asked.push(name);
    try {
      response.end(readFileSync(join(folder, onSite, name)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    folder,
    asked,
    said,
    site,
    platform: "linux-x64",
    bin: join(folder, "bin"),
    plugins: join(folder, "plugins"),
    searchPath: join(folder, "bin"),
    ownPlugins: join(folder, "own-plugins"),
    say: (line) => said.push(line),
    pack(archive, programs) {
      const content = mkdtempSync(join(folder, "content-"));
      for (const [path, text] of Object.entries(programs)) writeProgram(join(content, path), text);
      const file = join(folder, archive);
      mkdirSync(dirname(file), { recursive: true });
      create({ file, cwd: content, gzip: true, sync: true }, Object.keys(programs));
      return createHash("sha256").update(readFileSync(file)).digest("hex");
    },
    pin: (version, sha256) => ({
      version,
      sites: [`${site}/missing`, site],
      sha256: { "linux-x64": sha256, "linux-arm64": sha256, "darwin-x64": sha256, "darwin-arm64": sha256 },
    }),
    stop() {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Writes an executable file. */
export function writeProgram(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}
