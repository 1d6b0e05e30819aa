import type { Machine } from "../machine/machine";
import type { RemoteStepArgs } from "../remote/remoteStep";
import { scripts } from "../remote/scripts";
import { renderFiles } from "../render/facts";
import { renderProcesses } from "../render/processes";
import { renderTimers } from "../render/timers";
import type { SiteArgs } from "./args";
import { fingerprint } from "./steps";

/** What a site has beside its web process, as it is placed; a site without any has no step and no fact of them. */
export interface Beside {
  /** How many run of each process. */
  counts: Readonly<Record<string, number>>;
  /** supervisor's programs. */
  programs?: string;
  timers: readonly string[];
  /** systemd's units, and what rotates their logs, by name. */
  units?: Readonly<Record<string, string>>;
}

export function besideWeb({ name: site, processes, timers }: SiteArgs, machine: Machine): Beside {
  const exec = scripts["site-exec"].path;
  const running = Object.entries(processes).filter(([, { count }]) => count > 0);
  const names = Object.keys(timers);
  return {
    counts: Object.fromEntries(running.map(([name, { count }]) => [name, count])),
    ...(running.length > 0 && { programs: renderProcesses(site, exec, processes) }),
    timers: names,
    ...(names.length > 0 && {
      units: renderTimers({ site, exec, denied: machine.metadataAddresses }, timers),
    }),
  };
}

/** The steps that place it all beside what is in force, by suffixes of their names. */
export const besideSteps = (site: string, { programs, units }: Beside): [string, RemoteStepArgs][] => [
  ...(programs === undefined ? [] : [processesStep(site, programs)]),
  ...(units === undefined ? [] : [timersStep(site, renderFiles(units))]),
];

const processesStep = (site: string, stdin: string): [string, RemoteStepArgs] => [
  "processes",
  { script: "program", args: [site, "processes"], stdin },
];

const timersStep = (site: string, stdin: string): [string, RemoteStepArgs] => [
  "timers",
  { script: "timers", args: [site], stdin },
];

/** What is to be in force when the site is activated. */
export const besideFacts = ({ programs, units }: Beside): Record<string, string> => ({
  ...(programs !== undefined && { processes: fingerprint(programs) }),
  ...(units !== undefined && { timers: fingerprint(renderFiles(units)) }),
});
