import type { Operations, SiteOperations } from "../../components/operations";
import type { Drift } from "./drift";
import type { KeptRelease, Report, Size } from "./report";
import { dim, duration, green, moment, red, size, table } from "./text";

/** What `npm run status -- --json` prints. */
export interface Status {
  site: { name: string; url: string; up: boolean; answer: Report["answer"] };
  machine: Report["machine"] & Pick<Operations["machine"], "kind" | "address">;
  /** The one that serves; null when there is none. */
  release: KeptRelease | null;
  deployed: Report["deployed"];
  instances: Report["instances"];
  /** `healthy`: neither did the last one fail, nor was one, or a restore, cut off. */
  backup: Report["backup"] & { healthy: boolean };
  services: Report["services"];
  /** How many things were compared. */
  placed: number;
  drift: Drift[];
}

/** Whether an answer is one that the site is to give. */
export function isUp({ health }: SiteOperations, answer: Report["answer"]): boolean {
  const [low = 0, high = 0] = health.status.split("-").map(Number);
  return typeof answer === "number" && answer >= low && answer <= high;
}

/** The status as a table, for a person. */
export function statusLines(status: Status, isLocal: boolean, now = Date.now() / 1000): string[] {
  const { site, machine, release, deployed, instances, services, backup, placed, drift } = status;
  const rows = [
    ["site", site.url, typeof site.answer === "number" ? `answers ${site.answer}` : `down: ${site.answer}`],
    ["machine", machine.kind, `${machine.address}, ${machine.system}, up ${duration(machine.seconds)}`],
    ["load", machine.load.toFixed(2), `on ${machine.cores} cores`],
    ["memory", ...used(machine.memory)],
    ["disk", ...used(machine.disk)],
    release
      ? ["release", release.id, `built ${moment(release.built)}, ${release.origin}`]
      : ["release", "none", ""],
    [
      "deployed",
      moment(deployed),
      `last activation that ended well${deployed === null ? "" : `, ${ago(deployed, now)}`}`,
    ],
    ...instances.map(({ name, state, seconds, memory }) => [
      name,
      `${state} ${duration(seconds)}`,
      size(memory),
    ]),
    ...serviceRows(services),
    ["backup", ...backupCells(backup, now)],
    ["drift", drift.length === 0 ? "none" : String(drift.length), `of ${placed} things that were placed`],
  ];
  return [
    ...table(rows).map((line, index) => mark(line, rows[index]?.[0], status)),
    ...driftLines(drift, isLocal),
  ];
}

function serviceRows({ postgresql, redis }: Status["services"]): string[][] {
  const rows = [
    postgresql && ["database", size(postgresql.size), `PostgreSQL ${postgresql.version}`],
    postgresql === null && ["database", "does not answer", "PostgreSQL"],
    redis && ["redis", ...used(redis.memory), `${redis.keys} keys`, `Redis ${redis.version}`],
    redis === null && ["redis", "does not answer", "Redis"],
  ];
  return rows
    .filter((row) => row !== undefined && row !== null && row !== false)
    .map(([name = "", value = "", ...more]) => [name, value, more.join(", ")]);
}

function mark(line: string, name: string | undefined, { site, backup, drift }: Status): string {
  if (name === "site") return site.up ? green(line) : red(line);
  if (name === "backup") return backup.healthy ? line : red(line);
  return name === "drift" ? (drift.length === 0 ? green(line) : red(line)) : line;
}

/** Whether there is nothing to worry about; before the first night there is no backup yet. */
export const isBackedUp = ({ result, running, begun, restoring }: Report["backup"]): boolean =>
  result !== "failed" && (running || (!begun && !restoring));

function backupCells(backup: Report["backup"], now: number): [string, string] {
  const { time, result, reason, good, snapshots, seconds, running, begun, restoring } = backup;
  const last = good === null ? "there is none that is good" : `the last good one ${moment(good)}`;
  if (running) return ["at work", restoring ? "a restore" : last];
  if (restoring) return ["cut off", "a restore, which npm run restore repairs when it is run again"];
  if (begun) return ["cut off", `the last backup left no result; ${last}`];
  if (time === null) return ["none yet", "npm run backup takes one now"];
  if (result === "failed") return [`failed ${ago(time, now)}`, `${reason ?? ""}; ${last}`];
  const ids = snapshots.map(({ place, id }) => `${id} on ${place}`).join(", ");
  return [`ok ${ago(time, now)}`, `${ids}, ${size(snapshots[0]?.size ?? 0)}, took ${duration(seconds ?? 0)}`];
}

const ago = (time: number, now: number): string => `${duration(Math.max(0, now - time))} ago`;

/** What a repair would overwrite, and how to do it. */
function driftLines(drift: readonly Drift[], isLocal: boolean): string[] {
  if (drift.length === 0) return [];
  const rows = table(drift.map(({ state, kind, name, what }) => [`  ${state}`, kind, name, what.join("; ")]));
  const detail = drift.map(({ diff = [] }) => shortened(diff).map((line) => dim(`      ${line}`)));
  const value = new Date().toISOString().slice(0, 16);
  const repair = isLocal ? `npm start -- --config repair=${value}` : `pulumi up --config repair=${value}`;
  return ["", ...rows.flatMap((row, index) => [row, ...(detail[index] ?? [])]), "", `Repair: ${repair}`];
}

function shortened(lines: readonly string[], most = 40): string[] {
  return lines.length <= most ? [...lines] : [...lines.slice(0, most), `… ${lines.length - most} lines more`];
}

function used({ total, free }: Size): [string, string] {
  return [size(total - free), `used of ${size(total)}`];
}
