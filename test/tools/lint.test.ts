import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { checkout, searchPath } from "../../tools/toolchain/environment";

/** Runs a program in the checkout; what it says is the reason of the failure. */
function passes(program: string, ...args: string[]): void {
  const env = { ...process.env, PATH: searchPath() };
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: checkout,
    env,
    encoding: "utf8",
  });
  if (status !== 0) assert.fail(error?.message ?? `${stdout}${stderr}`.trim());
}

/** Runs one of node_modules' programs. */
function npmProgramPasses(program: string, ...args: string[]): void {
  passes(join(checkout, "node_modules", ".bin", program), ...args);
}

/** What git tracks, and what is there and not ignored. */
function files(): string[] {
  const list = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: checkout,
    encoding: "utf8",
  });
  assert.equal(list.status, 0, list.stderr);
  return list.stdout.split("\0").filter((file) => file !== "" && existsSync(join(checkout, file)));
}

/** A script's shell, by its first line or its name; undefined for what is no shell script. */
function shellOf(file: string): string | undefined {
  const [first = ""] = readFileSync(join(checkout, file), "latin1").split("\n", 1);
  const named = /^#!.*\b(bash|dash|sh)\b/.exec(first)?.[1];
  return named ?? (file.endsWith(".sh") ? "bash" : undefined);
}

describe("the code", () => {
  it("has correct types", () => {
    npmProgramPasses("tsc", "--noEmit");
  });

  it("keeps ESLint's rules", () => {
    npmProgramPasses("eslint", ".");
  });

  it("is formatted by Prettier", () => {
    npmProgramPasses("prettier", "--check", ".");
  });

  it("documents all that other programs may import", () => {
    npmProgramPasses("typedoc", "--emit", "none");
  });

  const scripts = files().flatMap((file) => {
    const shell = shellOf(file);
    return shell === undefined ? [] : [{ file, shell }];
  });

  it("has shell scripts, which are found", () => {
    const names = scripts.map(({ file }) => file);
    for (const known of ["tools/run", ".ci/run"]) assert.ok(names.includes(known), known);
  });

  for (const { file, shell } of scripts) {
    describe(file, () => {
      it("passes shellcheck", () => {
        passes("shellcheck", "--external-sources", "--source-path=SCRIPTDIR", `--shell=${shell}`, file);
      });

      it("is formatted by shfmt", () => {
        passes("shfmt", "-d", "-i", "2", "-ci", file);
      });
    });
  }
});
