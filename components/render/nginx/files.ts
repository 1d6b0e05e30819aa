import { addHeaders } from "./headers";
import type { Server } from "./server";
import { indent } from "./text";

export const gzip = `gzip on;
gzip_comp_level 5;
gzip_min_length 1024;
gzip_proxied any;
gzip_vary on;
gzip_types text/plain text/css text/xml text/javascript application/javascript application/json application/manifest+json application/xml application/rss+xml image/svg+xml font/ttf font/otf application/wasm;
`;

const staticFiles = ({ names, headers }: Server, maxAge: number, more = ""): string =>
  indent(`sendfile on;
tcp_nopush on;
add_header Cache-Control "public, max-age=${maxAge}${more}";
${addHeaders(names, headers)}`);

/** The locations of what nginx serves itself. */
export const files = (server: Server): string => {
  const { names, headers, settings } = server;
  const { site, nginx } = settings;
  return `
# A name with a content hash never changes its content. Pages of the release before still ask for its files.
location ~ "^${nginx.staticUrl.replaceAll(".", "\\.")}(.+\\.[0-9a-f]{8,64}\\.\\w+)$" {
    root /srv/${site};
    try_files /current/static/$1 /previous/static/$1 =404;
${staticFiles(server, 31536000, ", immutable")}}
location ${nginx.staticUrl} {
    alias /srv/${site}/current/static/;
${staticFiles(server, nginx.staticMaxAge)}}

# Uploads come from strangers: they may be shown, but run nothing.
location ${nginx.mediaUrl} {
    alias /srv/${site}/shared/media/;
    sendfile on;
    add_header Content-Security-Policy "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";
${indent(addHeaders(names, headers))}}
`;
};
