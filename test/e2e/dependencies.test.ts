import { strict as assert } from "node:assert";
import { appendFileSync } from "node:fs";
import { join } from "node:path";

import { writeMinimalDjango } from "../support/minimalDjango";
import { Stack } from "../support/stack";

/** A project of each kind, and what says it. Pipfile.lock is the sample site's. */
const kinds = {
  requirements: /Dependencies: requirements\.txt\./,
  uv: /Dependencies: uv\.lock; gunicorn is added\./,
  poetry: /Dependencies: poetry\.lock; gunicorn is added\./,
  pyproject: /Dependencies: pyproject\.toml; gunicorn is added\./,
} as const;

describe("dependencies on a machine", () => {
  const stack = new Stack();
  const folder = join(stack.folder, "mysite");
  before(async () => {
    await stack.init();
    await stack.configure({
      site: { name: "mysite", domains: ["localhost"] },
      app: { path: folder },
    });
  });
  after(() => stack.close());

  const installed = async (): Promise<Record<string, string>> =>
    JSON.parse((await stack.http("/")).text) as Record<string, string>;

  for (const [kind, finding] of Object.entries(kinds)) {
    it(`are those of a ${kind} project`, async () => {
      writeMinimalDjango(folder, join(__dirname, "projects", kind));
      assert.match(await stack.up(), finding);
      const packages = await installed();
      assert.match(packages["django"] ?? "none", /^5\.2\.\d+$/);
      assert.equal(packages["whitenoise"], "6.9.0");
      assert.match(packages["gunicorn"] ?? "none", kind === "requirements" ? /^23\./ : /^\d+\./);
      assert.equal(packages["pip"], undefined);
    });
  }

  it("that do not exist fail the deploy by their name, and the old release serves on", async () => {
    const release = stack.output("release");
    writeMinimalDjango(folder, join(__dirname, "projects/requirements"));
    appendFileSync(join(folder, "requirements.txt"), "a-package-that-nobody-made==4.7.11\n");
    const said = await stack.failedUp();
    assert.match(said, /a-package-that-nobody-made/);
    assert.match(
      said,
      /dependencies: installing the dependencies failed; is the package index .* reachable .*\?/,
    );
    assert.equal(await stack.ssh("readlink /srv/mysite/current"), `releases/${release}`);
    assert.equal((await stack.http("/")).status, 200);
  });
});
