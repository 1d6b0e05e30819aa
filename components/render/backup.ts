import { renderFacts } from "./facts";
import { header } from "./header";

/** What is backed up when, where to, and for how long. */
export interface BackupSettings {
  /** A calendar expression of systemd's, in the machine's time zone; none: only when asked. */
  schedule: string;
  /** For how many days, weeks and months, counted back from the last snapshot, the last one of each is kept. */
  keepDaily: number;
  keepWeekly: number;
  keepMonthly: number;
  /** On the machine; none: not on the machine. @default /var/backups/django-server/SITE */
  folder?: string | undefined;
  /** Off the machine. @default none */
  s3?: S3Settings | undefined;
}

/** A place in a store that speaks Amazon's S3 API. */
export interface S3Settings {
  /** `https://HOST[:PORT]` */
  endpoint: string;
  bucket: string;
  /** A path in the bucket. @default the site's name */
  prefix?: string | undefined;
  /** Which the store may want to know. @default none */
  region?: string | undefined;
}

/** The host scripts that backups are made with, by their paths. */
export interface BackupScripts {
  backup: string;
  databases: string;
  exec: string;
}

/** Whether there is a timer. */
export const isScheduled = ({ schedule }: BackupSettings): boolean => schedule !== "none";

/** What the scripts on the machine act on. */
export function renderBackupFacts(
  site: string,
  backup: BackupSettings,
  { databases, exec }: BackupScripts,
  migrate: boolean,
): string {
  const { keepDaily, keepWeekly, keepMonthly, folder, s3 } = backup;
  const { endpoint = "", bucket = "", prefix = site, region } = s3 ?? {};
  const facts = renderFacts({
    folder: folder ?? `/var/backups/django-server/${site}`,
    ...(s3 && { repository: `s3:${endpoint}/${bucket}/${prefix}` }),
    ...(region !== undefined && { region }),
    ...{ keep_daily: keepDaily, keep_weekly: keepWeekly, keep_monthly: keepMonthly },
    ...{ databases, exec, migrate },
  });
  return header("#") + facts;
}

/**
 * SITE-backup.service: one backup, gently. What bounds a step (lib/common.sh) does not bound it: a first copy to a store
 * that is far away takes hours.
 */
export const renderBackupService = (site: string, { backup }: BackupScripts): string => `${header("#")}
[Unit]
Description=Backup of ${site}
Wants=network-online.target
After=network-online.target postgresql.service

[Service]
Type=oneshot
Environment=DJANGO_SERVER_STEP=backup
ExecStart=${backup} ${site} 7200
TimeoutStartSec=12h
Nice=10
IOSchedulingClass=idle
`;

/** SITE-backup.timer. A backup that was missed, while the machine was off, is made up for. */
export const renderBackupTimer = (site: string, { schedule }: BackupSettings): string => `${header("#")}
[Unit]
Description=Backups of ${site}

[Timer]
OnCalendar=${schedule}
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
`;
