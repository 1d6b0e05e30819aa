/** Rows of the status, each a name and what there is to say. */
import { type Certificate, daysLeft } from "./certificate";
import type { Database, Redis, Report, Size, TimerReport } from "./report";
import { duration, moment, size } from "./text";

/** Of the app's databases. */
export function databaseRows(databases: readonly Database[] | null): string[][] {
  if (databases === null)
    return [["database", "unknown", "the app does not load, or does not answer in time"]];
  return databases.map(({ alias, vendor, place, size: bytes, version, reason }) => {
    const product = `${products[vendor] ?? vendor} ${version}`.trim();
    const where = isHere(place) ? "" : `${vendor === "sqlite" ? "," : " at"} ${place}`;
    const value = bytes === null ? (reason === undefined ? "not asked" : "does not answer") : size(bytes);
    const detail = `${product}${where}${reason === undefined ? "" : `: ${reason}`}`;
    return [alias === "default" ? "database" : `database ${alias}`, value, detail];
  });
}

const products: Readonly<Record<string, string>> = { postgresql: "PostgreSQL", sqlite: "SQLite" };

/** Whether a database's or a Redis's host is the machine itself; a socket is a folder's path. */
const isHere = (host: string): boolean =>
  ["", "localhost", "127.0.0.1", "::1"].includes(host) ||
  host.startsWith("/run/") ||
  host.startsWith("/var/run/");

export function redisRow({ host, memory, keys = 0, version = "" }: Redis): string[] {
  const product = `Redis ${version}`.trim() + (isHere(host) ? "" : ` at ${host}`);
  if (!memory) return ["redis", "does not answer", product];
  const limit = memory.total > 0 ? `used of ${size(memory.total)}, ` : "";
  return ["redis", size(memory.used), `${limit}${keys} keys, ${product}`];
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
