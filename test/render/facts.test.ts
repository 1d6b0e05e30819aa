import { strict as assert } from "node:assert";

import { renderFacts, renderFiles } from "../../components/render/facts";

describe("facts", () => {
  it("are one line each, in the order given", () => {
    assert.equal(renderFacts({ b: "two words", a: 1, c: false, d: "" }), "b two words\na 1\nc false\nd \n");
  });

  for (const [name, value] of Object.entries({ newline: "a\nb", "carriage return": "a\rb", NUL: "a\0b" })) {
    it(`refuse a ${name}, which would make another fact`, () => {
      assert.throws(() => renderFacts({ host: value }), /a fact is one line/);
    });
  }
});

describe("several files in one text", () => {
  it("stand behind their names, each ending with its last line", () => {
    assert.equal(
      renderFiles({ "a.txt": "one\n", "b.lock": "two", "c.txt": "" }),
      "==> a.txt <==\none\n==> b.lock <==\ntwo\n==> c.txt <==\n\n",
    );
  });

  it("hold no line that the machine would take for a name, and no name that is a path", () => {
    assert.throws(() => renderFiles({ "a.txt": "one\n==> b.txt <==\ntwo\n" }), /a\.txt holds a line/);
    assert.throws(() => renderFiles({ "../a": "" }), /no plain file name/);
  });
});
