/** Names in nginx's one name space of variables and zones; they know no dash. */
export interface Names {
  variable: (name: string) => string;
  zone: (name: string) => string;
}

const nginxName = (site: string): string => site.replaceAll("-", "_");

/**
 * Those of a site's server for HTTP. The prefix keeps variables apart from nginx's own, such as $http_cache for a site
 * named http; with more than 46 characters one would not fit nginx's hash of variables.
 */
export const httpNames = (site: string): Names => ({
  variable: (name) => `$site_${nginxName(site)}__${name}`,
  zone: (name) => `${nginxName(site)}_${name}`,
});

/** Those of its server for HTTPS, a file of its own that changes without the other. No site's name ends with -tls. */
export const httpsNames = (site: string): Names => ({
  variable: (name) => `$tls_${nginxName(site)}__${name}`,
  zone: (name) => `${nginxName(site)}_tls_${name}`,
});

/** A response header of the upstream's, as nginx's variable. */
export const upstreamHeader = (name: string): string => `$upstream_http_${nginxName(name.toLowerCase())}`;
