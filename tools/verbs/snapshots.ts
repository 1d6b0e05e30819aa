import { run } from "./entrance";
import { asRoot, type OpenSite } from "./site";
import { duration, moment, table } from "./text";

/** What one repository keeps of a site's data. */
export interface Snapshot {
  id: string;
  place: "disk" | "s3";
  /** When it was begun: seconds since 1970. */
  time: number;
  /** Whether it holds what a restore has replaced. */
  isSafety: boolean;
}

/** The snapshots that there are, and why some repositories can't tell of theirs. */
export interface Snapshots {
  snapshots: Snapshot[];
  problems: string;
}

/** Asks the machine for all snapshots; the newest comes first, of several of the same data the one on the machine. */
export async function readSnapshots(open: OpenSite): Promise<Snapshots> {
  const script = asRoot(
    open,
    "env",
    "DJANGO_SERVER_STEP=snapshots",
    open.site.backup.snapshots,
    open.site.name,
  );
  const { stdout, stderr } = await run(open.machine, script);
  return { snapshots: parseSnapshots(stdout), problems: stderr.trim() };
}

/** Lines `PLACE JSON`, as restic lists snapshots. */
export function parseSnapshots(text: string): Snapshot[] {
  const all = text.split("\n").flatMap((line): Snapshot[] => {
    const [, place, json] = /^(disk|s3) (.*)$/.exec(line) ?? [];
    const listed = JSON.parse(json ?? "null") as { short_id: string; time: string; tags?: string[] }[] | null;
    return (listed ?? []).map(({ short_id: id, time, tags = [] }) => ({
      ...{ id, place: place as Snapshot["place"], time: Math.floor(Date.parse(time) / 1000) },
      isSafety: tags.includes("safety"),
    }));
  });
  return all.sort((a, b) => b.time - a.time || a.place.localeCompare(b.place));
}

/**
 * The snapshot of an id, or the newest one that a backup made.
 * @param place where it is to come from; any place, if none is named
 * @throws when there is none
 */
export function chosenSnapshot(snapshots: readonly Snapshot[], id?: string, place?: string): Snapshot {
  const found = snapshots.find(
    (snapshot) =>
      (place === undefined || snapshot.place === place) &&
      (id === undefined ? !snapshot.isSafety : snapshot.id === id),
  );
  if (found) return found;
  const where = place === undefined ? "" : ` in ${place}`;
  throw new Error(id === undefined ? `there is no backup${where}` : `there is no snapshot ${id}${where}`);
}

/** The snapshots as a table, for a person; those of the same data in one line. */
export function snapshotLines(snapshots: readonly Snapshot[], now = Date.now() / 1000): string[] {
  const times = [...new Set(snapshots.map(({ time }) => time))];
  const rows = times.map((time) => {
    const same = snapshots.filter((snapshot) => snapshot.time === time);
    const id = (place: Snapshot["place"]): string => same.find((one) => one.place === place)?.id ?? "-";
    const kind = same[0]?.isSafety ? "of before a restore" : "backup";
    return [moment(time), `${duration(Math.max(0, now - time))} ago`, id("disk"), id("s3"), kind];
  });
  return table([["taken", "", "disk", "s3", "kind"], ...rows]);
}
