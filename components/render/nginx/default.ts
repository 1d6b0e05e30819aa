import { header } from "../header";
import { listenHttps, profile } from "./https";
import { block } from "./server";

/**
 * The server that answers requests for hosts nobody configured: it closes the connection. The limits
 * before the host is known are those of the default server, so the time limit stands here as well.
 */
export const renderNginxDefault = (): string => `${header("#")}
server {
    listen 80 default_server;
    listen [::]:80 default_server;
    server_name _;
    server_tokens off;
    client_header_timeout 15s;
    access_log off;
    return 444;
}
`;

/** The same for HTTPS: who asks for another host, or for none, is shown no site's certificate. */
export const renderNginxDefaultHttps = (): string =>
  `${header("#")}
${block(`${listenHttps(" default_server")}server_name _;
server_tokens off;
client_header_timeout 15s;
access_log off;
ssl_reject_handshake on;
${profile}`)}`;
