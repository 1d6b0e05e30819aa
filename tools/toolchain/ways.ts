/** Tells the person at the terminal one line. */
export type Say = (line: string) => void;

/** One way to get something. */
export interface Way<T> {
  /** What is said when it worked: "Pulumi's download". */
  name: string;
  /** Returns undefined where the way does not apply, which is not worth a word; throws what went wrong. */
  attempt: () => Promise<T | undefined>;
}

/**
 * Tries each way in its order until one works; says which did, and why those before it failed.
 *
 * @param remedy how a person gets the thing, for when no way works.
 * @throws one line that says what is missing and how to get it.
 */
export async function firstThatWorks<T>(
  thing: string,
  ways: readonly Way<T>[],
  { say, remedy }: { say: Say; remedy: string },
): Promise<T> {
  for (const { name, attempt } of ways) {
    const start = Date.now();
    try {
      const result = await attempt();
      if (result === undefined) continue;
      const seconds = Math.round((Date.now() - start) / 1000);
      say(`${thing}: ${name}${seconds > 0 ? ` (${seconds} s)` : ""}`);
      return result;
    } catch (error) {
      say(`${thing}: not by ${name}: ${reasonOf(error)}`);
    }
  }
  throw new Error(`${thing} can't be had here. ${remedy}`);
}

/** An error's message on one line. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().replace(/\s*\n\s*/g, "; ");
}
