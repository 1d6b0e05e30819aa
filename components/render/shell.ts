/**
 * One word of a shell command line, quoted only where it has to be, so that diffs stay readable.
 * @throws when the text holds a NUL, which no shell word can carry.
 */
export function shellWord(text: string): string {
  if (text.includes("\0")) throw new Error("a shell word cannot hold a NUL character");
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A shell command line of these words. */
export const shellCommand = (...words: string[]): string => words.map(shellWord).join(" ");
