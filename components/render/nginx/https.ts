import { header } from "../header";
import type { Headers } from "./headers";
import { httpsNames } from "./names";
import { block, definitions, file, type Server, siteServer } from "./server";
import type { HttpsSettings, NginxSiteSettings } from "./settings";
import { joined, portSuffix } from "./text";

const ciphers = [
  ...["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"],
  ...["ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384"],
  ...["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
];

/**
 * Mozilla's intermediate profile, version 6.0 of its guidelines. OpenSSL's own list of curves is the profile's, as far
 * as it has them. All servers at a port share this: what OpenSSL settles before it knows the name is the default
 * server's. nginx before 1.23.2 never changes the keys of session tickets, so there are none.
 */
export const profile = `# Mozilla's intermediate profile, 6.0: https://ssl-config.mozilla.org/guidelines/6.0.json
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ciphers ${ciphers.join(":")};
ssl_prefer_server_ciphers off;
ssl_session_timeout 1d;
ssl_session_cache shared:django_server:10m;
ssl_session_tickets off;
`;

/** nginx before 1.25.1 knows HTTP/2 by this only; a later one says that there is a newer way. */
export const listenHttps = (more = ""): string => `listen 443 ssl http2${more};
listen [::]:443 ssl http2${more};
`;

/** nginx counts each stream of HTTP/2 as a connection: four busy browsers at one address are within the limit. */
const streams = (connections: number): string =>
  connections > 0
    ? `http2_max_concurrent_streams ${Math.min(128, Math.max(1, Math.floor(connections / 4)))};\n`
    : "";

const entrance = (names: readonly string[], { certificate, key }: HttpsSettings): string =>
  `${listenHttps()}server_name ${names.join(" ")};
server_tokens off;

ssl_certificate ${certificate};
ssl_certificate_key ${key};
${profile}`;

const strictTransport = "Strict-Transport-Security";

/** Told as any other header: not where the app, or a setting, tells it. */
function told(headers: Headers, hsts: number): Headers {
  const set = Object.keys(headers).some((name) => name.toLowerCase() === strictTransport.toLowerCase());
  return hsts > 0 && !set ? { ...headers, [strictTransport]: `max-age=${hsts}` } : headers;
}

function redirects({ redirects: names, domains }: NginxSiteSettings, https: HttpsSettings): string {
  const hsts = https.hsts > 0 && `add_header ${strictTransport} "max-age=${https.hsts}" always;\n`;
  return block(`${entrance(names, https)}
access_log off;
${joined([hsts])}return 301 https://${domains[0] ?? ""}${portSuffix(https.port, 443)}$request_uri;
`);
}

/** `/etc/nginx/sites-available/SITE-tls`: the site by HTTPS. Its upstream is in the file of the site. */
export function renderNginxHttps(settings: NginxSiteSettings, https: HttpsSettings): string {
  const { site, nginx, domains } = settings;
  const headers = told(nginx.securityHeaders, https.hsts);
  const server: Server = { settings, names: httpsNames(site), headers };
  return file(
    header("#"),
    ...definitions(server),
    siteServer(server, `${entrance(domains, https)}${streams(nginx.connections)}`),
    settings.redirects.length > 0 && redirects(settings, https),
  );
}
