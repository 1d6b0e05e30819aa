/** `npm run status`: how the site is, and whether all that was placed is as it was placed. */
import { certificateOf } from "./certificate";
import { driftOf } from "./drift";
import { readReport } from "./report";
import { atSite } from "./site";
import { isUp, statusLines } from "./statusLines";
import { hasFailed, isBackedUp } from "./statusRows";
import { runVerb } from "./verb";

const help = `
npm run status -- [OPTION…]
Says how the site and its machine are, and what of all that was placed is missing or changed. Exit status 0: the site
answers and nothing has drifted; 1: it could not be looked at; 3: the site does not answer; 4: it does, with drift, such
as a process that does not run; 5: there is none, but the last run of a timer failed, or the last backup did, or it, or a
restore, was cut off.
  --diff        shows how changed text files differ: what a repair would overwrite
  --json        prints it all as JSON`;

const options = {
  diff: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

runVerb({ name: "status", help, options }, ({ values: { diff, json, ...choice } }) =>
  atSite(choice, async (open) => {
    const { placed, machine } = open.operations;
    const { found, certificate, ...report } = await readReport(open, { placed, diff, app: true });
    const drift = driftOf(placed, found);
    const up = isUp(open.site, report.answer);
    const { name, url } = open.site;
    const { kind, address } = machine;
    const status = {
      ...{ site: { name, url, up, answer: report.answer } },
      certificate: certificate === null ? null : certificateOf(certificate),
      ...{ machine: { kind, address, ...report.machine } },
      ...{ release: report.releases.find(({ active }) => active) ?? null, deployed: report.deployed },
      ...{ instances: report.instances, processes: report.processes, timers: report.timers },
      ...{ databases: report.databases, redis: report.redis, placed: placed.length, drift },
      backup: { ...report.backup, healthy: isBackedUp(report.backup) },
    };
    const lines = json ? [JSON.stringify(status, undefined, 2)] : statusLines(status, open.stack.isLocal);
    process.stdout.write(`${lines.join("\n")}\n`);
    if (!up) return 3;
    if (drift.length > 0) return 4;
    return status.backup.healthy && !report.timers.some(hasFailed) ? 0 : 5;
  }),
);
