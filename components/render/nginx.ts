import { header } from "./header";

/** nginx's side of one site. Times are seconds, sizes mebibytes. */
export interface NginxSettings {
  /** Requests a second that one address may make to the app (static files do not count); 0: no limit. */
  requestsPerSecond: number;
  /** Requests above that rate which are still answered at once before 429. */
  requestBurst: number;
  /** Connections one address may hold; 0: no limit. */
  connections: number;
  /** Largest request body, MiB. */
  bodySize: number;
  /** How long a client may take to send its headers, or between two pieces of its body. */
  clientTimeout: number;
  /** Networks that may visit the site (CIDR); empty: everyone. */
  allowFrom: readonly string[];
  /** Response headers that are added where the app has not set them itself. */
  securityHeaders: Readonly<Record<string, string>>;
  /** URL paths of static and uploaded files, as Django's STATIC_URL and MEDIA_URL. */
  staticUrl: string;
  mediaUrl: string;
  /** How long a browser may keep a static file whose name carries no hash. */
  staticMaxAge: number;
  gzip: boolean;
  /** nginx directives of one's own, placed at the end of the server block. */
  snippet: string;
}

export interface NginxSiteSettings {
  site: string;
  /** Host names the site answers to, in ASCII form. */
  domains: readonly string[];
  instances: number;
  /** How long the app may take to answer: gunicorn's own timeout. */
  timeout: number;
  /** Whether WebSockets are passed on to the app. */
  webSockets: boolean;
  nginx: NginxSettings;
}

/** nginx variable and zone names know no dash. */
const nginxName = (site: string): string => site.replaceAll("-", "_");

/**
 * A variable of one site. The prefix keeps it apart from nginx's own, such as $http_cache for a site named http; with
 * more than 46 characters it would not fit nginx's hash of variables.
 */
const siteVariable = (site: string, name: string): string => `$site_${nginxName(site)}__${name}`;

/** A double-quoted nginx string; a dollar sign cannot be escaped there, so settings do not admit one. */
const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const indent = (text: string, spaces = 4): string => text.replaceAll(/^(?=.)/gm, " ".repeat(spaces));

/** Links to gunicorn's sockets, which a deploy turns: see host/lib/upstream.sh. */
const upstream = (site: string, instances: number): string =>
  `# Links to gunicorn's sockets; an instance that restarts is stood in for by another. max_fails=0: one that died costs
# a failed connect, never ten seconds of silence. A deploy waits for idle connections: they are closed soon.
upstream ${site} {
${Array.from({ length: instances }, (_, i) => `    server unix:/run/${site}/upstream-${i}.sock max_fails=0;\n`).join("")}    keepalive 16;
    keepalive_timeout 200ms;
}
`;

/** Each header's value unless the app sent that header itself. */
const headerMaps = (site: string, headers: Readonly<Record<string, string>>): string =>
  Object.entries(headers)
    .map(
      ([name, value], index) =>
        `map $upstream_http_${nginxName(name.toLowerCase())} ${headerVariable(site, index)} {\n    "" ${quoted(value)};\n}\n`,
    )
    .join("");

const headerVariable = (site: string, index: number): string => siteVariable(site, `header${index + 1}`);

/** Repeated in each location with headers of its own, because nginx inherits either all or none. */
const addHeaders = (site: string, headers: Readonly<Record<string, string>>): string =>
  Object.keys(headers)
    .map((name, index) => `add_header ${name} ${headerVariable(site, index)} always;\n`)
    .join("");

const limitZones = (site: string, nginx: NginxSettings): string => {
  const zone = nginxName(site);
  return [
    nginx.requestsPerSecond > 0 &&
      `limit_req_zone $binary_remote_addr zone=${zone}_requests:10m rate=${nginx.requestsPerSecond}r/s;\n`,
    nginx.connections > 0 && `limit_conn_zone $binary_remote_addr zone=${zone}_connections:10m;\n`,
  ]
    .filter((line) => line !== false)
    .join("");
};

const serverLimits = (site: string, nginx: NginxSettings): string =>
  [
    nginx.connections > 0 && `limit_conn ${nginxName(site)}_connections ${nginx.connections};\n`,
    "limit_conn_status 429;\nlimit_req_status 429;\n",
    `client_max_body_size ${nginx.bodySize}m;\n`,
    `client_header_timeout ${nginx.clientTimeout}s;\nclient_body_timeout ${nginx.clientTimeout}s;\nsend_timeout ${nginx.clientTimeout}s;\n`,
    nginx.allowFrom.length > 0 && `${nginx.allowFrom.map((net) => `allow ${net};\n`).join("")}deny all;\n`,
  ]
    .filter((line) => line !== false)
    .join("");

const gzip = `gzip on;
gzip_comp_level 5;
gzip_min_length 1024;
gzip_proxied any;
gzip_vary on;
gzip_types text/plain text/css text/xml text/javascript application/javascript application/json application/manifest+json application/xml application/rss+xml image/svg+xml font/ttf font/otf application/wasm;
`;

const staticFiles = (site: string, nginx: NginxSettings, maxAge: number, more = ""): string =>
  indent(`sendfile on;
tcp_nopush on;
add_header Cache-Control "public, max-age=${maxAge}${more}";
${addHeaders(site, nginx.securityHeaders)}`);

const files = (site: string, nginx: NginxSettings): string => `
# A name with a content hash never changes its content. Pages of the release before still ask for its files.
location ~ "^${nginx.staticUrl.replaceAll(".", "\\.")}(.+\\.[0-9a-f]{8,64}\\.\\w+)$" {
    root /srv/${site};
    try_files /current/static/$1 /previous/static/$1 =404;
${staticFiles(site, nginx, 31536000, ", immutable")}}
location ${nginx.staticUrl} {
    alias /srv/${site}/current/static/;
${staticFiles(site, nginx, nginx.staticMaxAge)}}

# Uploads come from strangers: they may be shown, but run nothing.
location ${nginx.mediaUrl} {
    alias /srv/${site}/shared/media/;
    sendfile on;
    add_header Content-Security-Policy "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";
${indent(addHeaders(site, nginx.securityHeaders))}}
`;

/** Other upgrades, such as h2c, are not the app's to ask for; without one, connections to it are kept alive. */
const upgradeMap = (site: string): string => `map $http_upgrade ${siteVariable(site, "upgrade")} {
    default "";
    ~*^websocket$ upgrade;
}
`;

const app = ({ site, timeout, webSockets, nginx }: NginxSiteSettings): string => `
location / {
${nginx.requestsPerSecond > 0 ? `    limit_req zone=${nginxName(site)}_requests burst=${nginx.requestBurst} nodelay;\n` : ""}    proxy_pass http://${site};
    proxy_http_version 1.1;
${
  webSockets
    ? `    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection ${siteVariable(site, "upgrade")};
`
    : `    proxy_set_header Connection "";
`
}    proxy_set_header Host $http_host;
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

/**
 * `/etc/nginx/sites-available/SITE`: the recipe's four promises. Security: limits for each address, hidden
 * files denied, headers. Performance: files sent by nginx itself, cached, compressed; kept-alive
 * connections to gunicorn. Load balancing: the upstream. Freedom: a snippet of one's own.
 */
export function renderNginxSite(settings: NginxSiteSettings): string {
  const { site, nginx } = settings;
  const server = `listen 80;
listen [::]:80;
server_name ${settings.domains.join(" ")};
server_tokens off;

access_log /var/log/${site}/nginx-access.log;
error_log /var/log/${site}/nginx-error.log;

${serverLimits(site, nginx)}
${nginx.gzip ? gzip : "gzip off;\n"}
${addHeaders(site, nginx.securityHeaders)}
# Hidden files (.git, .env, editors' backups) are never served; .well-known is public by its standard.
location ~ (/\\.(?!well-known/)|~$|\\.(bak|swp|orig)$) {
    return 404;
}
${files(site, nginx)}${app(settings)}`;
  // Its first lines stay, even blank ones: mistakes in it are named by their line.
  const snippet = nginx.snippet.trimEnd();
  return [
    header("#"),
    upstream(site, settings.instances),
    limitZones(site, nginx),
    headerMaps(site, nginx.securityHeaders),
    settings.webSockets && upgradeMap(site),
    `server {\n${indent(server)}${snippet === "" ? "" : `\n    # snippet: begin\n${snippet}\n    # snippet: end\n`}}\n`,
  ]
    .filter((part) => part !== "" && part !== false)
    .join("\n");
}

/**
 * The server that answers requests for hosts nobody configured: it closes the connection. The limits
 * before the host is known are those of the default server, so the time limit stands here as well.
 */
export function renderNginxDefault(): string {
  return `${header("#")}
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
}
