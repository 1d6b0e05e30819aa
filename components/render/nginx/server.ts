import { app, upgradeMap } from "./app";
import { files, gzip } from "./files";
import { addHeaders, type Headers, headerMaps } from "./headers";
import { limitZones, serverLimits } from "./limits";
import type { Names } from "./names";
import type { NginxSiteSettings } from "./settings";
import { indent, joined } from "./text";

/** One of a site's servers: it answers by HTTP or by HTTPS, and is a file of its own. */
export interface Server {
  settings: NginxSiteSettings;
  names: Names;
  headers: Headers;
}

/** What its file holds outside of the server. */
export const definitions = ({ settings: { nginx, webSockets }, names, headers }: Server): string[] => [
  limitZones(names, nginx),
  headerMaps(names, headers),
  webSockets ? upgradeMap(names) : "",
];

/**
 * The server that answers as the site.
 * @param entrance what it listens to, and who is let in
 */
export function siteServer(server: Server, entrance: string): string {
  const { names, headers, settings } = server;
  const { site, nginx } = settings;
  const body = `${entrance}
access_log /var/log/${site}/nginx-access.log;
error_log /var/log/${site}/nginx-error.log;

${serverLimits(names, nginx)}
${nginx.gzip ? gzip : "gzip off;\n"}
${addHeaders(names, headers)}
# Hidden files (.git, .env, editors' backups) are never served; .well-known is public by its standard.
location ~ (/\\.(?!well-known/)|~$|\\.(bak|swp|orig)$) {
    return 404;
}
${files(server)}${app(server)}`;
  // Its first lines stay, even blank ones: mistakes in it are named by their line.
  const snippet = nginx.snippet.trimEnd();
  return block(body, snippet === "" ? "" : `\n    # snippet: begin\n${snippet}\n    # snippet: end\n`);
}

export const block = (body: string, end = ""): string => `server {\n${indent(body)}${end}}\n`;

/** A whole file of parts. */
export const file = (...parts: (string | false)[]): string => joined(parts, "\n");
