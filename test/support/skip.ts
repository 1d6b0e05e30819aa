/** Leaves out a test, or all below a hook, and says why. */
export function skip(context: Mocha.Context, reason: string): never {
  console.log(`    skipped: ${reason}`);
  return context.skip();
}
