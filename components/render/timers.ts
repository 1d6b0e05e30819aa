import { header } from "./header";

/** A command that runs at certain times. */
export interface TimerSettings {
  /** A bash command line. */
  command: string;
  /** A calendar expression of systemd's. */
  schedule: string;
  /** Seconds after which a run is ended. */
  timeout: number;
}

/** How the commands of a site's timers are run. */
export interface TimerSite {
  site: string;
  /** The script that loads the site's environment and executes a command in its current release. */
  exec: string;
  /** Addresses that no command may reach. */
  denied: readonly string[];
}

/** Tells whose units these are, for the day when they are to be removed. */
const owner = (site: string): string => `# A timer of site ${site}.\n`;

/**
 * The files of a site's timers by their names: SITE-NAME.timer and SITE-NAME.service for `/etc/systemd/system`, and
 * `logrotate` for their logs.
 */
export function renderTimers(
  of: TimerSite,
  timers: Readonly<Record<string, TimerSettings>>,
): Record<string, string> {
  const units = Object.entries(timers).flatMap(([name, timer]) => [
    [`${of.site}-${name}.service`, renderService(of, name, timer)],
    [`${of.site}-${name}.timer`, renderTimer(of.site, name, timer)],
  ]);
  return {
    ...(Object.fromEntries(units) as Record<string, string>),
    logrotate: renderLogrotate(of.site, Object.keys(timers)),
  };
}

/**
 * systemd starts no second run while one is going on, and at its end, or `timeout`, kills what it left behind. Its limit of
 * five starts in ten seconds is for services that crash.
 */
const renderService = (
  { site, exec, denied }: TimerSite,
  name: string,
  { command, timeout }: TimerSettings,
): string => `${header("#")}${owner(site)}
[Unit]
Description=${name} of ${site}
After=network-online.target supervisor.service postgresql.service redis-server@${site}.service
StartLimitIntervalSec=0

[Service]
Type=oneshot
ExecStart=${exec} ${site} bash -eo pipefail -c ${unitWord(command)}
User=${site}
UMask=0007
TimeoutStartSec=${timeout}
StandardOutput=append:/var/log/${site}/${name}.log
StandardError=append:/var/log/${site}/${name}.log
ProtectSystem=full
ProtectControlGroups=true
${denied.map((address) => `IPAddressDeny=${address}\n`).join("")}`;

/**
 * A run that was missed while the machine was off is made up for. What is only to happen on some day, as others say for
 * their sites too, happens in its first ten minutes.
 */
const renderTimer = (
  site: string,
  name: string,
  { schedule }: TimerSettings,
): string => `${header("#")}${owner(site)}
[Unit]
Description=${name} of ${site}: ${schedule}

[Timer]
OnCalendar=${schedule}
AccuracySec=1s
Persistent=true
${/^\w+ly\b/.test(schedule) && !/^(minute|hour)ly/.test(schedule) ? "RandomizedDelaySec=10min\nFixedRandomDelay=true\n" : ""}
[Install]
WantedBy=timers.target
`;

const renderLogrotate = (site: string, names: readonly string[]): string => `# Placed by django-server.
${names.map((name) => `/var/log/${site}/${name}.log\n`).join("")}{
    su root adm
    weekly
    rotate 12
    maxsize 50M
    missingok
    notifempty
    compress
    delaycompress
    nocreate
}
`;

/** A word of a unit's command line: systemd has its own quotes, and expands $ and %. */
const unitWord = (text: string): string =>
  `"${text.replaceAll(/[\\"]/g, "\\$&").replaceAll("$", "$$$$").replaceAll("%", "%%")}"`;
