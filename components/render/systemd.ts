import { header } from "./header";

/**
 * Drop-in for supervisor.service. Debian's unit leaves gunicorn behind when supervisord is killed
 * (KillMode=process), so that the next one starts a duplicate, and waits 50 s before it does. Here what is
 * left is killed by name: with KillMode=mixed systemd would do so, but could not tell when all are gone on a
 * machine with cgroups of version 1, and would wait for TimeoutStopSec.
 */
export const renderSupervisorDropIn = (): string => `${header("#")}
[Service]
KillMode=process
ExecStopPost=-/bin/systemctl kill --signal=KILL supervisor.service
Restart=always
RestartSec=2s
TimeoutStopSec=60s
`;

/** Drop-in for nginx.service: Debian's unit does not restart it after a crash. */
export const renderNginxDropIn = (): string => `${header("#")}
[Service]
Restart=on-failure
RestartSec=1s
`;
