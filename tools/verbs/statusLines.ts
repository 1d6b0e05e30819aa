import type { Operations, SiteOperations } from "../../components/operations";
import { type Certificate, daysLeft } from "./certificate";
import type { Drift } from "./drift";
import type { KeptRelease, Report } from "./report";
import {
  ago,
  backupRow,
  certificateRow,
  databaseRows,
  hasFailed,
  redisRow,
  timerRow,
  used,
} from "./statusRows";
import { dim, duration, green, moment, red, size, table } from "./text";

/** What `npm run status -- --json` prints. */
export interface Status {
  site: { name: string; url: string; up: boolean; answer: Report["answer"] };
  /** What visitors are shown; null where HTTPS is not served. */
  certificate: Certificate | null;
  machine: Report["machine"] & Pick<Operations["machine"], "kind" | "address">;
  /** The one that serves; null when there is none. */
  release: KeptRelease | null;
  deployed: Report["deployed"];
  instances: Report["instances"];
  processes: Report["processes"];
  timers: Report["timers"];
  databases: Report["databases"];
  redis: Report["redis"];
  /** `healthy`: neither did the last one fail, nor was one, or a restore, cut off. */
  backup: Report["backup"] & { healthy: boolean };
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
  const { site, certificate, machine, release, deployed, instances, processes, timers } = status;
  const { databases, redis, backup, placed, drift } = status;
  const rows = [
    ["site", site.url, typeof site.answer === "number" ? `answers ${site.answer}` : `down: ${site.answer}`],
    ...certificateRow(site.url, certificate, now),
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
    ...[...instances, ...processes].map(({ name, state, seconds, memory }) => [
      name,
      `${state} ${duration(seconds)}`,
      size(memory),
    ]),
    ...timers.map((timer) => timerRow(timer, now)),
    ...(release ? databaseRows(databases) : []),
    ...(redis ? [redisRow(redis)] : []),
    backupRow(backup, now),
    ["drift", drift.length === 0 ? "none" : String(drift.length), `of ${placed} things that were placed`],
  ];
  return [
    ...table(rows).map((line, index) => mark(line, rows[index]?.[0], status, now)),
    ...driftLines(drift, isLocal),
  ];
}

function mark(
  line: string,
  name: string | undefined,
  { site, certificate, timers, backup, drift }: Status,
  now: number,
): string {
  if (name === "site") return site.up ? green(line) : red(line);
  // One that renews itself does so a month before its end.
  if (name === "certificate") return certificate && daysLeft(certificate, now) >= 21 ? line : red(line);
  if (timers.some((timer) => timer.name === name && hasFailed(timer))) return red(line);
  if (name === "backup") return backup.healthy ? line : red(line);
  return name === "drift" ? (drift.length === 0 ? green(line) : red(line)) : line;
}

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
