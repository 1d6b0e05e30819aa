import { header } from "./header";

/**
 * Drop-in for supervisor.service. Debian's unit leaves gunicorn behind when supervisord is killed
 * (KillMode=process), so that the next one starts a duplicate, and waits 50 s before it does.
 */
export const renderSupervisorDropIn = (): string => `${header("#")}
[Service]
KillMode=mixed
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
