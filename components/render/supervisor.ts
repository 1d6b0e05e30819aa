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

/** The supervisor program of an instance, and its socket. */
export const instanceName = (site: string, instance: number): string => `${site}-gunicorn-${instance}`;
export const instanceSocket = (site: string, instance: number): string =>
  `/run/${site}/gunicorn-${instance}.sock`;

/** supervisor expands `%(name)s` in every value, so a literal percent sign is doubled. */
const section = (name: string, values: Record<string, string | number | boolean>): string =>
  `[${name}]\n` +
  Object.entries(values)
    .map(([key, value]) => `${key}=${String(value).replaceAll("%", "%%")}\n`)
    .join("");

/**
 * `/etc/supervisor/conf.d/SITE-gunicorn.conf`: one program for each instance, and a free one, in which
 * the next deploy starts a new instance before it ends an old one. `startsecs` and `startretries` let an
 * app that cannot start end in FATAL after some minutes instead of looping for ever; `stopwaitsecs`
 * outlasts gunicorn's own grace.
 */
export function renderSupervisor({ site, exec, gunicorn }: ProgramSettings): string {
  const programs = Array.from({ length: gunicorn.instances + 1 }, (_, instance) =>
    section(`program:${instanceName(site, instance)}`, {
      command: shellCommand(
        exec,
        site,
        "gunicorn",
        "--config",
        `/etc/django-server/${site}/gunicorn.conf.py`,
        "--bind",
        `unix:${instanceSocket(site, instance)}`,
      ),
      user: site,
      // Uploads are readable by nginx through the media folder's group, and by nobody else.
      umask: "007",
      autostart: instance < gunicorn.instances,
      autorestart: true,
      startsecs: 6,
      startretries: 10,
      stopsignal: "TERM",
      stopwaitsecs: gunicorn.gracefulTimeout + 10,
      killasgroup: true,
      redirect_stderr: true,
      stdout_logfile: `/var/log/${site}/gunicorn-${instance}.log`,
      stdout_logfile_maxbytes: "10MB",
      stdout_logfile_backups: 5,
    }),
  );
  return header(";") + "\n" + programs.join("\n");
}
