import { strict as assert } from "node:assert";

import { median, ratio, spread, timed } from "../../bench/measure";

describe("measurements", () => {
  it("have the middle value as median, or the mean of the two in the middle", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([10, 1, 9, 2]), 5.5);
    assert.equal(median([4]), 4);
    assert.ok(Number.isNaN(median([])));
  });

  it("are told with their extremes", () => {
    assert.equal(spread([3.04, 1, 10]), "3.0 (1.0 to 10.0)");
  });

  it("are compared by their medians", () => {
    assert.equal(ratio([2, 3, 100], [6, 6, 6]), 0.5);
  });

  it("end with the run that fails", async () => {
    await assert.rejects(
      timed(() => Promise.reject(new Error("it fell over"))),
      /it fell over/,
    );
  });
});
