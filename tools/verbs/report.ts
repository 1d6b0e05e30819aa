import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Placed } from "../../components/placed/placed";
import { run } from "./entrance";
import { asRoot, type OpenSite } from "./site";

/** What report/main.py says. Times are seconds, since 1970 where it is a moment; sizes are bytes. */
export interface Report {
  machine: {
    system: string;
    /** Since it was started. */
    seconds: number;
    /** Of the last minute. */
    load: number;
    cores: number;
    memory: Size;
    /** Where the site lies. */
    disk: Size;
  };
  /** The status that nginx answers with, or why it does not. */
  answer: number | string;
  /** What nginx shows visitors, PEM; null where it does not serve HTTPS. */
  certificate: string | null;
  /** When a deploy last ended well; null before the first. */
  deployed: number | null;
  releases: KeptRelease[];
  instances: RunningProgram[];
  /** What runs beside gunicorn. */
  processes: RunningProgram[];
  timers: TimerReport[];
  /** The app's, as Django has them; null when it does not load, or there is no release yet. */
  databases: Database[] | null;
  /** What is at the app's REDIS_URL; null where it has none. */
  redis: Redis | null;
  backup: BackupReport;
  /** What is there of each placed thing, in their order; null when it is missing. */
  found: (Found | null)[];
}

/** A program of supervisor's. */
export interface RunningProgram {
  /** Behind the site's name: `gunicorn-0`. */
  name: string;
  /** supervisor's word, in small letters. */
  state: string;
  /** Since it was started; 0 for one that does not run. */
  seconds: number;
  memory: number;
}

/** One of the app's DATABASES. */
export interface Database {
  alias: string;
  /** Django's word: `postgresql`, `sqlite`, … */
  vendor: string;
  /** The host, or the file. */
  place: string;
  /** Bytes; null when it does not answer, or is not of a vendor that is asked. */
  size: number | null;
  version: string;
  /** Why it does not answer. */
  reason?: string;
}

/** The Redis that the app is told of. */
export interface Redis {
  host: string;
  /** In bytes; a total of 0 is no limit. Null when it does not answer. */
  memory: { used: number; total: number } | null;
  keys?: number;
  version?: string;
}

/** A scheduled command. How its last run ended, systemd does not know any more after a reboot. */
export interface TimerReport {
  name: string;
  running: boolean;
  /** When the last run began; null before the first. */
  lastRun: number | null;
  /** How long it took. */
  seconds: number | null;
  /** systemd's word: `success`, `exit-code`, `signal`, `timeout`, … */
  result: string | null;
  /** Its exit status, or the number of the signal that ended it. */
  status: number | null;
  /** Null while one goes on, and when there is to be none. */
  nextRun: number | null;
}

/** How the last backup ended. */
export interface BackupReport {
  /** When it began; null before the first. */
  time: number | null;
  /** How long it took. */
  seconds: number | null;
  result: "ok" | "failed" | null;
  reason: string | null;
  /** When the last one began that ended well. */
  good: number | null;
  /** Where it went; sizes in bytes. */
  snapshots: { place: string; id: string; size: number }[];
  /** A backup or a restore is at work. */
  running: boolean;
  /** A backup has begun, and left no result yet. */
  begun: boolean;
  /** A restore has stopped the site, and not started it again yet. */
  restoring: boolean;
}

export interface Size {
  total: number;
  free: number;
}

/** A release that the machine keeps. */
export interface KeptRelease {
  id: string;
  built: number;
  /** When it last went into or out of service; null if it never served. */
  lastActive: number | null;
  active: boolean;
  /** The commit or folder that it was made from. */
  origin: string;
}

/** A placed thing as it is: the fields of what was placed, and on request how a text differs. */
export type Found = Readonly<Record<string, unknown>> & { diff?: string[] };

const folder = join(__dirname, "report");

/** What is run by the app's own Python. */
const ofApp = readFileSync(join(__dirname, "databases.py"), "utf8");

/** One program of all that report/ holds: what its files import of each other is in it, and main.py comes last. */
const script = readdirSync(folder)
  .filter((file) => file.endsWith(".py") && file !== "main.py")
  .concat("main.py")
  .map((file) => readFileSync(join(folder, file), "utf8").replaceAll(/^from \..*\n/gm, ""))
  .join("\n");

/**
 * Asks the machine once for all there is to know; of what the app uses, only with `app`: it is loaded for that, and may hang.
 * @throws one line with the reason when it does not say.
 */
export async function readReport(
  open: OpenSite,
  {
    placed = [],
    diff = false,
    app = false,
  }: { placed?: readonly Placed[]; diff?: boolean; app?: boolean } = {},
): Promise<Report> {
  const asked = JSON.stringify({ site: open.site, placed, diff, ...(app && { databases: ofApp }) });
  const { code, stdout, stderr } = await run(open.machine, asRoot(open, "python3", "-c", script), asked);
  if (code === 0) return JSON.parse(stdout) as Report;
  throw new Error(`the machine does not report: ${stderr.trim().split("\n").pop() ?? `status ${code}`}`);
}

/** The releases that served, the last one first; then the others, the newest first. */
export const byLastActive = (releases: readonly KeptRelease[]): KeptRelease[] =>
  [...releases].sort(
    (a, b) =>
      Number(b.active) - Number(a.active) || (b.lastActive ?? 0) - (a.lastActive ?? 0) || b.built - a.built,
  );
