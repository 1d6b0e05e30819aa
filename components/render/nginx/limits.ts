import type { Names } from "./names";
import type { NginxSettings } from "./settings";
import { joined } from "./text";

export const limitZones = (names: Names, nginx: NginxSettings): string =>
  joined([
    nginx.requestsPerSecond > 0 &&
      `limit_req_zone $binary_remote_addr zone=${names.zone("requests")}:10m rate=${nginx.requestsPerSecond}r/s;\n`,
    nginx.connections > 0 && `limit_conn_zone $binary_remote_addr zone=${names.zone("connections")}:10m;\n`,
  ]);

export const serverLimits = (names: Names, nginx: NginxSettings): string =>
  joined([
    nginx.connections > 0 && `limit_conn ${names.zone("connections")} ${nginx.connections};\n`,
    "limit_conn_status 429;\nlimit_req_status 429;\n",
    `client_max_body_size ${nginx.bodySize}m;\n`,
    `client_header_timeout ${nginx.clientTimeout}s;\nclient_body_timeout ${nginx.clientTimeout}s;\nsend_timeout ${nginx.clientTimeout}s;\n`,
    nginx.allowFrom.length > 0 && `${nginx.allowFrom.map((net) => `allow ${net};\n`).join("")}deny all;\n`,
  ]);

/** Of the requests to the app alone. */
export const requestLimit = (names: Names, nginx: NginxSettings): string =>
  nginx.requestsPerSecond > 0
    ? `limit_req zone=${names.zone("requests")} burst=${nginx.requestBurst} nodelay;\n`
    : "";
