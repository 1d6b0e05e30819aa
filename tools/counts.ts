/** How many tests there were. A failed hook counts as a failure: it hides tests. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** `3 passed, 0 failed`, with `, 1 skipped` when there is any. */
export function countsLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
