import { shellCommand } from "./shell";
import { renderPrograms } from "./supervisor";

/** What runs beside the web process, for as long as the site is online. */
export interface ProcessSettings {
  /** One program with its arguments, as bash reads it. */
  command: string;
  /** How many of it run. */
  count: number;
  /** Seconds it has to end what it is at, after TERM. */
  stopTimeout: number;
}

/**
 * `/etc/supervisor/conf.d/SITE-processes.conf`: programs SITE-NAME-0, …, each for itself. TERM goes to the program alone,
 * since Celery's own children would drop their tasks at it. One that can't start is tried again for an hour and a half:
 * what it needs, a broker say, may be away for longer than a deploy waits.
 * @param exec the script that loads the site's environment and executes a command in its current release
 */
export const renderProcesses = (
  site: string,
  exec: string,
  processes: Readonly<Record<string, ProcessSettings>>,
): string =>
  renderPrograms(
    site,
    Object.entries(processes).flatMap(([name, { command, count, stopTimeout }]) =>
      Array.from({ length: count }, (_, number) => ({
        name: `${name}-${number}`,
        command: withoutComments(shellCommand(exec, site, "bash", "-c", `exec ${command}`)),
        autostart: true,
        ...{ startsecs: 5, startretries: 100, stopwaitsecs: stopTimeout },
      })),
    ),
  );

/** Behind a space, supervisor takes # and ; for the beginning of a comment, even in quotes, which end here in between. */
const withoutComments = (line: string): string => line.replaceAll(/\s(?=[;#])/g, "$&''");
