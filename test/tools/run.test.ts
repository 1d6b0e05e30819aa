import { strict as assert } from "node:assert";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { checkout } from "../../tools/toolchain/environment";
import { execute, type Run } from "../support/stack";

describe("what every npm command starts with", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "django-server-run-"));
    for (const name of ["tools", "bin"]) mkdirSync(join(folder, name));
    copyFileSync(join(checkout, "tools/run"), join(folder, "tools/run"));
    writeFileSync(join(folder, "package-lock.json"), "{}");
    program("node", 'if [ "$1" = --version ]; then echo v20.1.0; else echo "{}"; fi');
    program("npm", "mkdir node_modules; sleep 0.02; touch node_modules/.package-lock.json");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** One that is found before the computer's own. */
  function program(name: string, text: string): void {
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }

  const run = (): Promise<Run> => {
    const env = { ...process.env, PATH: [join(folder, "bin"), process.env["PATH"]].join(delimiter) };
    return execute("bash", [join(folder, "tools/run"), "verbs/status", "--json"], { env, cwd: folder });
  };

  it("gets the npm packages once, and leaves standard output to what was asked for", async () => {
    const first = await run();
    assert.equal(first.stdout, "{}\n");
    assert.match(first.text, /^\{\}\ninstalling npm packages … \d+ s\n$/);
    assert.equal((await run()).text, "{}\n");
  });

  it("says why the packages can't be had", async () => {
    program("npm", "echo no route to the registry; exit 1");
    const { code, stdout, text } = await run();
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(text, /… \nno route to the registry\nThe npm packages could not be installed\./);
  });

  it("says which Node.js is needed", async () => {
    program("node", "echo v18.20.4");
    assert.match((await run()).text, /^Node\.js 20 or newer is needed \(found: v18\.20\.4\)/);
  });
});
