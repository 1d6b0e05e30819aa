import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

import { ask } from "../test/support/http";
import { checkout } from "../tools/toolchain/environment";
import type { Way } from "./way";

const answer = 'HttpResponse("ok';

/** The sample site's settings that both ways share. */
export const sample = {
  site: { name: "wepynaire", domains: ["localhost"] },
  health: { path: "/healthz" },
  // What "auto" gives on a machine with one core, whatever this one has.
  gunicorn: { workers: 1 },
} as const;

/** How long a browser may keep a static file at first, seconds. */
export const maxAge = 3600;

/** A copy of the sample site's folder whose code is changed between releases. */
export class Sample {
  readonly folder = mkdtempSync(join(tmpdir(), "django-server-bench-"));
  private readonly view = join(this.folder, "board/views.py");
  private readonly text: string;

  constructor() {
    cpSync(join(checkout, "examples/wepynaire"), this.folder, {
      recursive: true,
      filter: (file) => !/^(db\.sqlite3.*|media|staticfiles|__pycache__)$/.test(basename(file)),
    });
    this.text = readFileSync(this.view, "utf8");
    if (!this.text.includes(answer)) throw new Error(`${this.view} has no ${answer}`);
  }

  /** Changes one line of code: from the next release on, the health page tells this number. */
  write(version: number): void {
    writeFileSync(this.view, this.text.replace(answer, `${answer} ${version}`));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** @throws unless every instance of a way's site serves this version of the code. */
export async function expectVersion(way: Way, version: number): Promise<void> {
  for (let request = 0; request < 6; request++) {
    const { status, text } = await ask(way.port(), sample.health.path);
    if (status !== 200 || text !== `ok ${version}`)
      throw new Error(
        `${way.constructor.name}: the site answers ${status} ${text} instead of 200 ok ${version}`,
      );
  }
}

/** @throws unless nginx has this value in force. */
export async function expectMaxAge(way: Way, seconds: number): Promise<void> {
  const { headers } = await ask(way.port(), "/static/board/board.css");
  const found = headers["cache-control"];
  if (found !== `public, max-age=${seconds}`)
    throw new Error(
      `${way.constructor.name}: static files have Cache-Control ${found ?? "not at all"}, not max-age=${seconds}`,
    );
}
