import { header } from "./header";

/**
 * Drop-in for supervisor.service. Debian's unit leaves gunicorn behind when supervisord is killed
 * (KillMode=process), so that the next one starts a duplicate, and waits 50 s before it does. Here what is
 * left is killed by name: with KillMode=mixed systemd would do so, but could not tell when all are gone on a
 * machine with cgroups of version 1, and would wait for TimeoutStopSec. That outlasts the longest
 * `gunicorn.gracefulTimeout`, of 600 s: supervisord itself ends a program that takes longer than its own.
 * However often it dies, systemd does not give up.
 * @param denied addresses that no program below supervisor may reach; none by default
 */
export const renderSupervisorDropIn = (denied: readonly string[] = []): string => `${header("#")}
[Unit]
StartLimitIntervalSec=0

[Service]
KillMode=process
ExecStopPost=-/bin/systemctl kill --signal=KILL supervisor.service
Restart=always
RestartSec=2s
TimeoutStopSec=11min
${denied.map((address) => `IPAddressDeny=${address}\n`).join("")}`;

/**
 * Drop-in for nginx.service: Debian's unit does not restart it after a crash. Started after supervisor, it is
 * stopped before: at a shutdown, requests still find gunicorn.
 */
export const renderNginxDropIn = (): string => `${header("#")}
[Unit]
After=supervisor.service
StartLimitIntervalSec=0

[Service]
Restart=on-failure
RestartSec=1s
`;
