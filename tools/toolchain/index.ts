import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { providePulumi } from "./cli";
import { provideCommandPlugin } from "./commandPlugin";
import { paths, searchPath } from "./environment";
import { languageHost, provideLanguageHost } from "./languageHost";
import { commandPlugin, pulumi } from "./pins";
import { thisPlace } from "./place";
import { findAll } from "./process";
import { ToolRecord } from "./record";
import { provideShellLinter } from "./shellLinters";
import type { Say } from "./ways";

/**
 * Makes sure that Pulumi with its language host, the command plugin and the local stack's place and passphrase are there.
 * Costs a few looks at files when they are.
 *
 * @throws one line that says what is missing and how to get it.
 */
export async function ensureToolchain(say: Say): Promise<void> {
  const place = thisPlace(say);
  const record = new ToolRecord(paths.record);
  const ensure = async (tool: string, wanted: () => string, provide: () => Promise<string>) => {
    const known = record.lookUp(tool, wanted());
    if (known !== undefined) return known;
    const file = await provide();
    record.note(tool, wanted(), file);
    return file;
  };

  prepareState();
  const engine = async (): Promise<void> => {
    // What runs as `pulumi` is the first on PATH: another one that comes before it has to be looked at.
    const wanted = (): string => `${pulumi.version} ${findAll("pulumi", searchPath())[0] ?? ""}`;
    const program = await ensure("pulumi", wanted, () => providePulumi(place));
    await ensure(
      languageHost,
      () => program,
      () => provideLanguageHost(place, dirname(program)),
    );
  };
  const plugin = async (): Promise<void> => {
    // An archive that comes later takes the stand-in's place.
    const wanted = (): string => `${commandPlugin.version} ${place.archives ?? ""}`;
    await ensure("command plugin", wanted, () => provideCommandPlugin(place));
  };
  await allOf(engine(), plugin());
}

/** Makes sure that what checks shell scripts is there. */
export async function ensureShellLinters(say: Say): Promise<void> {
  for (const program of ["shellcheck", "shfmt"] as const) {
    if (findAll(program, searchPath()).length === 0) await provideShellLinter(program, thisPlace(say));
  }
}

/** A place for the local stack's state, and a passphrase of its own. */
function prepareState(): void {
  mkdirSync(paths.state, { recursive: true, mode: 0o700 });
  if (!existsSync(paths.passphrase)) {
    writeFileSync(paths.passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
  }
}

/** Waits for every one, also when another failed, so that nothing goes on behind an error. */
async function allOf(...work: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === "rejected") throw result.reason;
}
