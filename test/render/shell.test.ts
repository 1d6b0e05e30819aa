import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";

import { shellCommand, shellWord } from "../../components/render/shell";

describe("a shell command line", () => {
  it("quotes only what needs it, so that previews stay readable", () => {
    assert.equal(
      shellCommand("/opt/a@1", "my-site", "a b", "", "it's"),
      `/opt/a@1 my-site 'a b' '' 'it'\\''s'`,
    );
  });

  it("brings its words unchanged through dash and bash", () => {
    const words = [
      "$(id)",
      "`id`",
      "a;b",
      "a\nb",
      "-n",
      "*",
      "~",
      "'",
      '"',
      "\\",
      "日本 🦄",
      "!x",
      "#",
      "a=b",
      "{a,b}",
    ];
    for (const shell of ["sh", "bash"]) {
      const output = execFileSync(shell, ["-c", shellCommand("printf", "%s\\0", ...words)], {
        encoding: "utf8",
      });
      assert.deepEqual(output.split("\0").slice(0, -1), words);
    }
  });

  it("refuses NUL", () => {
    assert.throws(() => shellWord("a\0b"), /NUL/);
  });
});
