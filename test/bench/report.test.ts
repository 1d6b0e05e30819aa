import { strict as assert } from "node:assert";

import { renderReport } from "../../bench/report";

const comparison = { job: "nothing to change", ours: [2, 4, 3], others: [9, 10, 12], target: 0.35 };

describe("the report of the benchmark", () => {
  const text = renderReport({
    setting: "8 cores",
    ansible: [comparison, { ...comparison, job: "one line", others: [4, 4, 4], target: 0.4 }],
    nginxOnly: [1, 2, 3],
    rollbackOnly: [4, 5, 6],
    byHand: { ...comparison, job: "all of it", others: [6], target: 1 },
    memory: 100.04,
  });

  it("has a row for each job: medians, extremes, ratio, target", () => {
    assert.match(
      text,
      /^\| nothing to change \| 3\.0 \(2\.0 to 4\.0\) \| 10\.0 \(9\.0 to 12\.0\) \| 0\.30 \| 0\.35 \|$/m,
    );
    assert.match(text, /^\| one line \| 3\.0 .* \| 0\.75 \| 0\.40 \|$/m);
    assert.match(text, /^\| all of it \| 3\.0 .* \| 6\.0 .* \| 0\.50 \| 1\.00 \|$/m);
  });

  it("tells where it was measured, and the memory", () => {
    assert.match(text, /^8 cores\.$/m);
    assert.match(text, / 100\.0 MiB /);
  });
});
