import type { KeptRelease } from "./report";
import { moment, table } from "./text";

/** The releases as a table, for a person. */
export const releaseLines = (releases: readonly KeptRelease[]): string[] =>
  table([
    ["release", "last active", "built", "origin"],
    ...releases.map(({ id, active, lastActive, built, origin }) => [
      ...[id, active ? "active" : moment(lastActive), moment(built), origin],
    ]),
  ]);

/**
 * The release to go back to: the one of an id, or the one that served before the present one.
 * @param releases those that served last come first
 * @throws when there is none, or it serves already
 */
export function chosenRelease(releases: readonly KeptRelease[], id?: string): KeptRelease {
  const found = releases.find((release) =>
    id === undefined ? !release.active && release.lastActive !== null : release.id === id,
  );
  if (found === undefined) {
    throw new Error(id === undefined ? "no earlier release is kept" : `release ${id} is not kept`);
  }
  if (found.active) throw new Error(`release ${found.id} serves already`);
  return found;
}
