import type { Beside } from "../site/beside";
import { type Placed, secretFile, summedFiles, textFile, timerUnit } from "./placed";

/** What the steps of a site placed, and what they said of it. */
export interface SiteRecord {
  site: string;
  instances: number;
  /** The id of the release that serves. */
  release: string;
  /** The texts of its files. */
  environment: string;
  gunicorn: string;
  program: string;
  nginx: string;
  /** What runs beside gunicorn. */
  beside: Beside;
  /** What `site-file` said of the secrets: their salted sum. */
  secrets: string;
  /** The same of the superuser's fields, where there are some. */
  superuser?: string;
  /** What `site-user` said of the files it made: their sums. */
  own: string;
  /** The files of its backups. */
  backup: Readonly<Record<string, string>>;
  /** What `secret-file` said of the keys of the store for backups, if there is one. */
  backupSecrets: string | undefined;
}

/** What a site's steps placed on its machine. */
export function sitePlaced(record: SiteRecord): Placed[] {
  const { site, instances, release } = record;
  const settings = `/etc/django-server/${site}`;
  const home = `/srv/${site}`;
  const folder = (path: string, mode: string, owner: string): Placed => ({
    kind: "folder",
    path,
    mode,
    owner,
  });
  const code = (part: string): Placed => ({
    ...{ kind: "code", path: `${home}/releases/${release}/${part}`, changed: [] },
    since: `${home}/releases/${release}/.complete`,
  });
  return [
    { kind: "user", name: site, home, shell: "/usr/sbin/nologin" },
    folder(settings, "0750", `root:${site}`),
    folder(`${home}/shared`, "0755", `${site}:${site}`),
    folder(`${home}/shared/media`, "2750", `${site}:www-data`),
    folder(`${home}/shared/data`, "0700", `${site}:${site}`),
    folder(`/run/${site}`, "2750", `${site}:www-data`),
    folder(`/var/log/${site}`, "0750", "root:adm"),
    ...summedFiles(record.own),
    textFile(`${settings}/environment`, record.environment, "0640", `root:${site}`),
    secretFile(site, `${settings}/secrets`, record.secrets, "0640", `root:${site}`),
    ...(record.superuser === undefined
      ? []
      : [secretFile(site, `${settings}/next/superuser`, record.superuser)]),
    textFile(`${settings}/gunicorn.conf.py`, record.gunicorn, "0640", `root:${site}`),
    textFile(`/etc/supervisor/conf.d/${site}-gunicorn.conf`, record.program),
    textFile(`/etc/nginx/sites-available/${site}`, record.nginx),
    { kind: "link", path: `/etc/nginx/sites-enabled/${site}`, target: `../sites-available/${site}` },
    { kind: "link", path: `${home}/current`, target: `releases/${release}` },
    code("app"),
    code("static"),
    { kind: "programs", name: `${site}-gunicorn`, running: instances },
    ...besidePlaced(site, record.beside),
    ...backupPlaced(record),
  ];
}

function besidePlaced(site: string, { counts, programs, timers, units = {} }: Beside): Placed[] {
  const places: Record<string, string> = { logrotate: `/etc/logrotate.d/django-server-${site}.timers` };
  return [
    ...(programs === undefined ? [] : [textFile(`/etc/supervisor/conf.d/${site}-processes.conf`, programs)]),
    ...Object.entries(counts).map(([name, running]): Placed => ({
      ...{ kind: "programs", name: `${site}-${name}`, running },
    })),
    ...Object.entries(units).map(([name, text]) =>
      textFile(places[name] ?? `/etc/systemd/system/${name}`, text),
    ),
    ...timers.map((name) => timerUnit(`${site}-${name}`)),
  ];
}

function backupPlaced({ site, backup, backupSecrets }: SiteRecord): Placed[] {
  const { settings = "", ...units } = backup;
  const timers = Object.keys(units).filter((name) => name.endsWith(".timer"));
  return [
    textFile(`/etc/django-server/${site}/backup/settings`, settings),
    ...Object.entries(units).map(([name, text]) => textFile(`/etc/systemd/system/${name}`, text)),
    ...timers.map((name) => timerUnit(name.replace(/\.timer$/, ""))),
    ...(backupSecrets === undefined
      ? []
      : [secretFile(site, `/etc/django-server/${site}/backup/secrets`, backupSecrets)]),
  ];
}
