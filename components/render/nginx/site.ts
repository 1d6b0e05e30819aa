import { header } from "../header";
import { upstream } from "./app";
import { httpNames } from "./names";
import { block, definitions, file, type Server, siteServer } from "./server";
import type { NginxSiteSettings } from "./settings";
import { portSuffix } from "./text";

/** Where an ACME server's challenges are put, as certbot is told: see host/certificate-acme.sh. */
const challenges = "/.well-known/acme-challenge/";

const answersChallenges = `if ($uri ~ ^${challenges.replaceAll(".", "\\.")}) {
    break;
}
location ^~ ${challenges} {
    root /var/lib/django-server/acme;
    default_type text/plain;
    auth_basic off;
    allow all;
}
`;

/** What goes before all else where the site has HTTPS. */
function toHttps({ site, https }: NginxSiteSettings, target: string): string {
  if (!https) return "";
  return `
# A name for which this file exists is served by HTTPS: all is redirected there${https.challenges ? ", but ACME's challenges" : ""}.
${https.challenges ? answersChallenges : ""}if (-e /var/lib/django-server/https/${site}/$host) {
    return 301 https://${target}${portSuffix(https.port, 443)}$request_uri;
}
`;
}

const listen = (names: readonly string[]): string => `listen 80;
listen [::]:80;
server_name ${names.join(" ")};
server_tokens off;
`;

/** Further names lead to the first one. */
function redirects(settings: NginxSiteSettings): string {
  const { domains, httpPort } = settings;
  const [first = ""] = domains;
  return block(`${listen(settings.redirects)}access_log off;
${toHttps(settings, first)}
location / {
    return 301 http://${first}${portSuffix(httpPort, 80)}$request_uri;
}
`);
}

/**
 * `/etc/nginx/sites-available/SITE`: the recipe's four promises. Security: limits for each address, hidden
 * files denied, headers. Performance: files sent by nginx itself, cached, compressed; kept-alive
 * connections to gunicorn. Load balancing: the upstream. Freedom: a snippet of one's own.
 */
export function renderNginxSite(settings: NginxSiteSettings): string {
  const { site, nginx } = settings;
  const server: Server = { settings, names: httpNames(site), headers: nginx.securityHeaders };
  return file(
    header("#"),
    upstream(site, settings.instances),
    ...definitions(server),
    siteServer(server, listen(settings.domains) + toHttps(settings, "$host")),
    settings.redirects.length > 0 && redirects(settings),
  );
}
