import { requestLimit } from "./limits";
import type { Names } from "./names";
import type { Server } from "./server";
import { indent } from "./text";

/** Links to gunicorn's sockets, which a deploy turns: see host/lib/upstream.sh. */
export const upstream = (site: string, instances: number): string =>
  `# Links to gunicorn's sockets; an instance that restarts is stood in for by another. max_fails=0: one that died costs
# a failed connect, never ten seconds of silence. A deploy waits for idle connections: they are closed soon.
upstream ${site} {
${Array.from({ length: instances }, (_, i) => `    server unix:/run/${site}/upstream-${i}.sock max_fails=0;\n`).join("")}    keepalive 16;
    keepalive_timeout 200ms;
}
`;

/** Other upgrades, such as h2c, are not the app's to ask for; without one, connections to it are kept alive. */
export const upgradeMap = (names: Names): string => `map $http_upgrade ${names.variable("upgrade")} {
    default "";
    ~*^websocket$ upgrade;
}
`;

const connection = (names: Names, webSockets: boolean): string =>
  webSockets
    ? `proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection ${names.variable("upgrade")};
`
    : `proxy_set_header Connection "";
`;

/** The location of all that the app answers. */
export const app = ({ names, settings: { site, timeout, webSockets, nginx } }: Server): string => `
location / {
${indent(requestLimit(names, nginx))}    proxy_pass http://${site};
    proxy_http_version 1.1;
${indent(connection(names, webSockets))}    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Real-IP $remote_addr;
    # Never handed to a CGI-like app: it would pass as the HTTP_PROXY variable.
    proxy_set_header Proxy "";
    proxy_connect_timeout 5s;
    proxy_read_timeout ${timeout}s;
    proxy_next_upstream error timeout;
}
`;
