import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { renderEnvironment } from "../../components/render/environment";
import { assertGolden } from "../support/golden";

/** Values that break out of quoting, or that a reader less careful than a shell loses. */
const hostile: Record<string, string> = {
  APOSTROPHE: "it's",
  ASSIGNMENT: "a=b=c",
  BACKSLASH: "\\ \\n \\\\ end\\",
  BACKTICK: "`id`",
  BANG: "!! !1",
  COMMAND: "$(touch /tmp/owned) ${HOME} $HOME",
  CONTROL: "\x01\x02\x1b[31m\x7f\r\t",
  EMPTY: "",
  GLOB: "* ? [a-z] ~ {a,b}",
  HASH: "a #b ;c & d | e > f",
  LATER: "second\nAPOSTROPHE='replaced'",
  NEWLINES: "\n\nline one\nline two\n\n",
  PERCENT: "100% %(here)s %%",
  QUOTES: `"double" 'single' '\\'' '"'"'`,
  SPACES: "  leading and trailing  ",
  UNICODE: "żółć 日本語 🦄 e\u0301 \u2028 \ufeff",
};

/** The variables as a program sees them that was started as `site-exec` starts the app. */
function sourced(variables: Record<string, string>): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "environment-test-"));
  try {
    writeFileSync(join(folder, "environment"), renderEnvironment(variables));
    const script =
      'set -euo pipefail; export LC_ALL=C.UTF-8; set -o allexport; . "$1"; set +o allexport; exec env -0';
    const output = execFileSync("bash", ["-c", script, "bash", join(folder, "environment")], {
      encoding: "utf8",
    });
    const all = output.split("\0").map((entry) => /^([^=]*)=([^]*)$/.exec(entry));
    return Object.fromEntries(
      all.flatMap((match) =>
        match && match[1] !== undefined && match[1] in variables ? [[match[1], match[2] ?? ""]] : [],
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A generator that gives the same numbers in every run (mulberry32), so that a failure can be repeated. */
function randomNumbers(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let bits = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

describe("the environment file of a site with services on its machine", () => {
  it("reads what the machine alone knows before the site's own variables", () => {
    const files = [
      "/etc/django-server/my-shop/services/postgresql",
      "/etc/django-server/my-shop/services/redis",
    ];
    assert.deepEqual(renderEnvironment({ COLOUR: "blue" }, files).split("\n").slice(1), [
      ". /etc/django-server/my-shop/services/postgresql",
      ". /etc/django-server/my-shop/services/redis",
      ...["COLOUR=blue", ""],
    ]);
  });
});

describe("the environment file", () => {
  it("environment-hostile.env", () => {
    assertGolden("environment-hostile.env", renderEnvironment(hostile));
  });

  it("is sorted by name, so that the order of settings changes nothing", () => {
    assert.equal(renderEnvironment({ B: "2", A: "1" }), renderEnvironment({ A: "1", B: "2" }));
  });

  it("brings every hostile value byte for byte into a program that bash starts", () => {
    assert.deepEqual(sourced(hostile), hostile);
  });

  it("does so with a thousand random values", () => {
    const random = randomNumbers(20_241_123);
    const special = Array.from(`'"\\$\`!#;&|<>()[]{}*?~%=^-+, \t\n\r\x01\x7f\u00a0é日🦄`);
    const alphabet = [...special, ...special, ...Array.from("abcXYZ019_./:@")];
    const value = () =>
      Array.from({ length: random(40) }, () => alphabet[random(alphabet.length)] ?? "").join("");
    const variables = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`V${index}`, value()]));
    assert.deepEqual(sourced(variables), variables);
  });

  it("refuses what no environment variable can hold", () => {
    assert.throws(() => renderEnvironment({ A: "a\0b" }), /NUL/);
  });
});
