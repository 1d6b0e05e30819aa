import type { GunicornSettings } from "./gunicorn";
import { header } from "./header";
import { shellCommand } from "./shell";

/** What supervisor runs for a site: its gunicorn instances. */
export interface ProgramSettings {
  site: string;
  /** The script that loads the site's environment and executes a command in its current release; it adds what gunicorn serves. */
  exec: string;
  gunicorn: GunicornSettings;
}

/** The socket of an instance. */
export const instanceSocket = (site: string, instance: number): string =>
  `/run/${site}/gunicorn-${instance}.sock`;

/** A program of supervisor's, as far as it differs from a site's others. */
interface Program {
  /** Behind the site's name; names its log, too. */
  name: string;
  command: string;
  autostart: boolean;
  /** Seconds that it has to stay up to count as started. */
  startsecs: number;
  /** How often it is started again in a row, after 1, 2, 3… seconds, before supervisor gives it up: FATAL. */
  startretries: number;
  /** Seconds that it has to end after TERM; then it is killed, and what it has started. */
  stopwaitsecs: number;
}

/**
 * A site's programs, as `/etc/supervisor/conf.d` has them. supervisor expands `%(name)s` in every value, so a literal
 * percent sign is doubled.
 */
export const renderPrograms = (site: string, programs: readonly Program[]): string =>
  header(";") +
  "\n" +
  programs
    .map(({ name, ...program }) => {
      const values = Object.entries({ ...common(site, name), ...program });
      const lines = values.map(([key, value]) => `${key}=${String(value).replaceAll("%", "%%")}\n`);
      return `[program:${site}-${name}]\n${lines.join("")}`;
    })
    .join("\n");

/** In the order of the file; what is empty here, each program has of its own. */
const common = (site: string, name: string) => ({
  command: "",
  user: site,
  // Uploads are readable by nginx through the media folder's group, and by nobody else.
  umask: "007",
  autostart: "",
  autorestart: true,
  startsecs: "",
  startretries: "",
  stopsignal: "TERM",
  stopwaitsecs: "",
  killasgroup: true,
  redirect_stderr: true,
  stdout_logfile: `/var/log/${site}/${name}.log`,
  stdout_logfile_maxbytes: "10MB",
  stdout_logfile_backups: 5,
});

/**
 * `/etc/supervisor/conf.d/SITE-gunicorn.conf`: one program for each instance, and a free one, in which
 * the next deploy starts a new instance before it ends an old one. `startsecs` and `startretries` let an
 * app that cannot start end in FATAL after some minutes instead of looping for ever; `stopwaitsecs`
 * outlasts gunicorn's own grace.
 */
export function renderSupervisor({ site, exec, gunicorn }: ProgramSettings): string {
  const config = `/etc/django-server/${site}/gunicorn.conf.py`;
  const programs = Array.from({ length: gunicorn.instances + 1 }, (_, instance) => ({
    name: `gunicorn-${instance}`,
    command: shellCommand(
      ...[exec, site, "gunicorn", "--config", config],
      ...["--bind", `unix:${instanceSocket(site, instance)}`],
    ),
    autostart: instance < gunicorn.instances,
    ...{ startsecs: 6, startretries: 10, stopwaitsecs: gunicorn.gracefulTimeout + 10 },
  }));
  return renderPrograms(site, programs);
}
