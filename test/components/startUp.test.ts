import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** What a fresh process prints that has loaded Pulumi as the program does. */
function printed(code: string): string {
  const program = `require("./components/startUp"); const pulumi = require("@pulumi/pulumi"); ${code}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import=tsx", "--eval", program], {
    cwd: resolve(__dirname, "../.."),
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

describe("the program's start", () => {
  it("does not load what only turns functions into text", () => {
    const loaded =
      'Object.values(require.cache).filter((module) => module.filename).map(({ id }) => id).join("\\n")';
    const files = printed(`console.log(${loaded})`);
    assert.match(files, /@pulumi\/pulumi\/runtime\/closure\/parseFunction\.js/);
    assert.doesNotMatch(files, /node_modules\/(typescript|@npmcli\/arborist)\//);
  });

  it("leaves a function to be turned into text where one asks for it", () => {
    const text = printed(
      "pulumi.runtime.serializeFunction(() => 6 * 7).then(({ text }) => console.log(text))",
    );
    assert.match(text, /6 \* 7/);
  });

  it("leaves the paths of code to be found where one asks for them", () => {
    const found = printed(
      'pulumi.runtime.computeCodePaths({ extraIncludePackages: ["zod"] }).then((paths) => console.log(...paths.keys()))',
    );
    assert.match(found, /node_modules\/zod/);
  });
});
