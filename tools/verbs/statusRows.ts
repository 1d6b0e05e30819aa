/** Rows of the status, each a name and what there is to say. */
import { type Certificate, daysLeft } from "./certificate";
import type { Report, Size, TimerReport } from "./report";
import { duration, moment, size } from "./text";

/** Of the services on the machine. */
export function serviceRows({ postgresql, redis }: Report["services"]): string[][] {
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

export const timerRow = (timer: TimerReport, now: number): string[] => [
  timer.name,
  lastRun(timer, now),
  nextRun(timer),
];

/** How the last run of a timer went, as far as systemd knows. */
function lastRun({ running, lastRun: time, result, status }: TimerReport, now: number): string {
  if (running) return `runs${time === null ? "" : `, began ${ago(time, now)}`}`;
  if (time === null) return "has not run yet";
  const how = { success: "succeeded", "exit-code": `failed with ${status}` }[result ?? ""] ?? result ?? "ran";
  return `${how}, ${ago(time, now)}`;
}

/** While a run goes on, systemd sets no time for the next. */
const nextRun = ({ running, nextRun: time }: TimerReport): string => (running ? "" : `next ${moment(time)}`);

/** Whether the last run of a timer went wrong. */
export const hasFailed = ({ result }: TimerReport): boolean => result !== null && result !== "success";

/** Only a site that is to have HTTPS has one. */
export function certificateRow(url: string, certificate: Certificate | null, now: number): string[][] {
  if (!url.startsWith("https:")) return [];
  if (!certificate) return [["certificate", "none", "HTTPS is not served"]];
  const { issuer, names } = certificate;
  return [["certificate", `${daysLeft(certificate, now)} days left`, `${issuer}, for ${names.join(", ")}`]];
}

/** Whether there is nothing to worry about; before the first night there is no backup yet. */
export const isBackedUp = ({ result, running, begun, restoring }: Report["backup"]): boolean =>
  result !== "failed" && (running || (!begun && !restoring));

export const backupRow = (backup: Report["backup"], now: number): string[] => [
  "backup",
  ...backupCells(backup, now),
];

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

export const ago = (time: number, now: number): string => `${duration(Math.max(0, now - time))} ago`;

export function used({ total, free }: Size): [string, string] {
  return [size(total - free), `used of ${size(total)}`];
}
