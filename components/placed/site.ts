import { type Placed, summedFiles, textFile } from "./placed";

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
  /** What `site-file` said of the secrets: their salted sum. */
  secrets: string;
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
    {
      ...{ kind: "file", path: `${settings}/secrets`, mode: "0640", owner: `root:${site}` },
      ...{ salt: `${settings}/salt`, sha256: record.secrets.trim() },
    },
    textFile(`${settings}/gunicorn.conf.py`, record.gunicorn, "0640", `root:${site}`),
    textFile(`/etc/supervisor/conf.d/${site}-gunicorn.conf`, record.program),
    textFile(`/etc/nginx/sites-available/${site}`, record.nginx),
    { kind: "link", path: `/etc/nginx/sites-enabled/${site}`, target: `../sites-available/${site}` },
    { kind: "link", path: `${home}/current`, target: `releases/${release}` },
    code("app"),
    code("static"),
    { kind: "programs", name: `${site}-gunicorn`, running: instances },
    ...backupPlaced(record),
  ];
}

function backupPlaced({ site, backup, backupSecrets }: SiteRecord): Placed[] {
  const settings = `/etc/django-server/${site}`;
  const { settings: facts = "", ...units } = backup;
  const timers = Object.keys(units).filter((name) => name.endsWith(".timer"));
  return [
    { kind: "package", name: "restic", state: "installed" },
    textFile(`${settings}/backup/settings`, facts),
    ...Object.entries(units).map(([name, text]) => textFile(`/etc/systemd/system/${name}`, text)),
    ...timers.map((name): Placed => ({ kind: "service", name, state: "active", boot: "enabled" })),
    ...(backupSecrets === undefined
      ? []
      : [
          {
            ...({ kind: "file", path: `${settings}/backup/secrets` } as const),
            ...{ mode: "0600", owner: "root:root", salt: `${settings}/salt`, sha256: backupSecrets.trim() },
          },
        ]),
  ];
}
