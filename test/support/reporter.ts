import { writeFileSync } from "node:fs";

import { type MochaOptions, Runner, reporters } from "mocha";

import { type Counts, countsLine } from "../../tools/counts";

/**
 * Mocha's own report, test by test with each failure's reason, and the counts in one plain line; or in the file that
 * TEST_COUNTS_FILE names, as JSON, for whoever has the last word.
 */
class CountingReporter extends reporters.Spec {
  constructor(runner: Runner, options?: MochaOptions) {
    super(runner, options);
    const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
    runner.on(Runner.constants.EVENT_TEST_PASS, () => counts.passed++);
    runner.on(Runner.constants.EVENT_TEST_FAIL, () => counts.failed++);
    runner.on(Runner.constants.EVENT_TEST_PENDING, () => counts.skipped++);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const file = process.env["TEST_COUNTS_FILE"];
      if (file === undefined) process.stdout.write(`${countsLine(counts)}\n`);
      else writeFileSync(file, JSON.stringify(counts));
    });
  }
}

export = CountingReporter;
