import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const checkout = resolve(__dirname, "../..");
const [, nodeargs = ""] = /nodeargs: (.*)/.exec(readFileSync(join(checkout, "Pulumi.yaml"), "utf8")) ?? [];

/** What a fresh process prints that has loaded Pulumi as it does for a program. */
function printed(code: string): string {
  const program = `require("@pulumi/pulumi/cmd/run/tracing"); require("source-map-support/register"); const pulumi = require("@pulumi/pulumi"); ${code}`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeargs.split(" "), "--eval", program],
    { cwd: checkout, encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  return stdout.trim();
}

describe("the program's start", () => {
  it("does not load what only turns functions into text, traces runs or drives Pulumi", () => {
    const loaded =
      'Object.values(require.cache).filter((module) => module.filename).map(({ id }) => id).join("\\n")';
    const files = printed(`require("./index"); console.log(${loaded})`);
    assert.match(files, /@pulumi\/pulumi\/runtime\/closure\/parseFunction\.js/);
    assert.match(files, /@pulumi\/pulumi\/cmd\/run\/tracing\.js/);
    assert.match(files, /zod\/v4\/classic/);
    for (const part of [
      /node_modules\/(typescript|@npmcli\/arborist|normalize-package-data)\//,
      /@opentelemetry\/sdk-trace/,
      /pulumi\/automation\//,
      /zod\/v4\/locales\/de/,
      /ssh2/,
      /@pulumi\/aws\//,
      /node_modules\/source-map-support\/source-map-support\.js/,
    ]) {
      assert.doesNotMatch(files, part);
    }
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

  it("leaves Pulumi to be driven, runs to be traced and mistakes to be told in other languages", () => {
    assert.equal(printed("console.log(typeof pulumi.automation.LocalWorkspace.createStack)"), "function");
    const tracing = 'require("@pulumi/pulumi/cmd/run/tracing")';
    const url = "http://127.0.0.1:9/api/v2/spans";
    assert.equal(printed(`${tracing}.start("${url}"); console.log("traces"); process.exit()`), "traces");
    assert.equal(printed('console.log(typeof require("zod").locales.de)'), "function");
  });

  it("leaves stack traces the lines of the TypeScript", () => {
    const file = "components/render/shell.ts";
    const lines = readFileSync(join(checkout, file), "utf8").split("\n");
    const line = lines.findIndex((text) => text.includes("NUL character")) + 1;
    const trace = printed(
      `try { require("./${file}").shellCommand("\\0") } catch (error) { console.log(error.stack) }`,
    );
    assert.ok(trace.includes(`${file}:${line}:`), trace);
  });
});
