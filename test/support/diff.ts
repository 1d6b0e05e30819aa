/** The lines of texts that a `pulumi preview --diff` adds and removes, `+ …` and `- …`, without their indent. */
export function changedLines(preview: string): string[] {
  return [...preview.matchAll(/^ +([-+]) +(\S.*)$/gm)].map(([, sign = "", line = ""]) => `${sign} ${line}`);
}

/** The number in the summary of a run: `3` of `~ 3 updated`; 0 when there is no such line. */
export function countOf(text: string, what: string): number {
  return Number(new RegExp(`^ +\\S* ?(\\d+) ${what}$`, "m").exec(text)?.[1] ?? 0);
}
