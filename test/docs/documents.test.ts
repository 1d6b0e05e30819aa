import { strict as assert } from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

import { poetry, serverRequirements, uv } from "../../components/versions";

const root = join(__dirname, "../..");
const documents = ["README.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)];
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** The anchors that GitHub gives to a document's headings. */
const anchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );

/** Texts that programs other than this one say. */
const foreign = [
  "the stack is currently locked",
  "incorrect passphrase",
  "connection refused",
  "i/o timeout",
  "host key mismatch",
  "unable to authenticate",
  "sudo: a password is required",
  "Unable to locate package",
];

describe("documents", () => {
  for (const file of documents) {
    it(`${file} links to what exists`, () => {
      const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
      assert.ok(links.length > 0, "no link was found");
      for (const [, path = "", anchor] of links) {
        const target = path === "" ? file : relative(root, join(root, dirname(file), path));
        assert.ok(existsSync(join(root, target)), `${target} does not exist`);
        if (anchor !== undefined) assert.ok(anchors(read(target)).includes(anchor), `${target}#${anchor}`);
      }
    });
  }

  it("README.md quotes error texts that this program has", () => {
    const text = read("README.md").split("## When something fails")[1]?.split("### In the browser")[0] ?? "";
    const cells = [...text.matchAll(/^\| (`.+?) \|/gm)].map(([, cell = ""]) => cell);
    const quotes = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, quote = ""]) => quote));
    assert.ok(quotes.length > 25, `only ${quotes.length} texts were found`);
    const sources = readdirSync(join(root, "components"), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(sh|py|ts)$/.test(name))
      .map((name) => read(join("components", name)))
      .join("\n");
    for (const quote of quotes.filter((candidate) => !foreign.includes(candidate))) {
      // What stands for a name, a number or a path differs; the words around it are the program's.
      const words = quote.split(/…|SITE-\w+-0|\bN\b|[A-Z]+_URL|\d+(?:-\d+)?/).map((part) => part.trim());
      const long = words.filter((part) => part.length > 7);
      assert.ok(long.length > 0, `"${quote}" has no words to look for`);
      for (const part of long) assert.ok(sources.includes(part), `no part of the program says "${part}"`);
    }
  });
});

describe("docs/networks.md", () => {
  it("tells which wheels are needed, in the versions that are asked for", () => {
    const text = read("docs/networks.md");
    // Of each, the version for newer Pythons.
    const newest = serverRequirements.asgi.split("\n").filter((line) => line !== "" && !line.includes("<"));
    const servers = newest.map((line) => line.split(" ")[0] ?? "");
    for (const pinned of [`uv==${uv.version}`, ...servers, poetry.tool, poetry.exporter])
      assert.ok(text.includes(pinned), pinned);
  });
});
