import { strict as assert } from "node:assert";

import { firstThatWorks } from "../../tools/toolchain/ways";

describe("the ways to get something", () => {
  const remedy = "Install it: https://example.org";
  let said: string[];
  const say = (line: string): void => {
    said.push(line);
  };

  beforeEach(() => {
    said = [];
  });

  it("are tried in their order until one works, and those after it not at all", async () => {
    const result = await firstThatWorks(
      "A thing",
      [
        { name: "a folder that is not there", attempt: () => Promise.resolve(undefined) },
        { name: "a site", attempt: () => Promise.reject(new Error("no route\nto host")) },
        { name: "a build", attempt: () => Promise.resolve("built") },
        { name: "a last resort", attempt: () => assert.fail("not to be tried") },
      ],
      { say, remedy },
    );
    assert.equal(result, "built");
    assert.deepEqual(said, ["A thing: not by a site: no route; to host", "A thing: a build"]);
  });

  it("end with how to get the thing when none works", async () => {
    const ways = [{ name: "a site", attempt: () => Promise.reject(new Error("no route")) }];
    await assert.rejects(firstThatWorks("A thing", ways, { say, remedy }), {
      message: `A thing can't be had here. ${remedy}`,
    });
  });
});
