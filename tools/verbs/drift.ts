import type { Placed } from "../../components/placed/placed";
import type { Found } from "./report";

/** Something on the machine that is not as it was placed. */
export interface Drift {
  kind: Placed["kind"];
  /** Its path or its name. */
  name: string;
  state: "missing" | "changed";
  /** What is other than placed, in words; never a content. */
  what: string[];
  /** A unified diff from what is there to what was placed; of texts that are no secret, and only when asked for. */
  diff?: string[];
}

/** Compares what was placed with what was found, one by one. */
export function driftOf(placed: readonly Placed[], found: readonly (Found | null)[]): Drift[] {
  return placed.flatMap((wanted, index): Drift[] => {
    const is = found[index] ?? null;
    const thing = { kind: wanted.kind, name: "path" in wanted ? wanted.path : wanted.name };
    if (is === null) return [{ ...thing, state: "missing", what: [] }];
    const what = differences(wanted, is);
    return what.length === 0 ? [] : [{ ...thing, state: "changed", what, ...(is.diff && { diff: is.diff }) }];
  });
}

/** Not compared: how a thing is found, and what it is to say. */
const given = new Set(["kind", "path", "name", "since", "salt", "text"]);

function differences(wanted: Placed, found: Found): string[] {
  return Object.entries(wanted)
    .filter(([key, value]) => !given.has(key) && JSON.stringify(found[key]) !== JSON.stringify(value))
    .map(([key, value]) => {
      if (key === "sha256") return "content";
      const is = found[key];
      return key === "changed"
        ? String(is).replaceAll(",", ", ")
        : `${key} ${String(is)}, not ${String(value)}`;
    });
}
