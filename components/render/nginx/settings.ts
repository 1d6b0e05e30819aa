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

/** How a site is served by HTTPS. */
export interface HttpsSettings {
  /** The port that visitors reach it on. */
  port: number;
  /** Files on the machine: the certificate with its chain, and its key. */
  certificate: string;
  key: string;
  /** Seconds for which browsers are told to use HTTPS alone; 0: they are not told. */
  hsts: number;
  /** An ACME server asks for its challenges, by HTTP. */
  challenges: boolean;
}

export interface NginxSiteSettings {
  site: string;
  /** Host names the site answers to, in ASCII form. */
  domains: readonly string[];
  /** Host names that are redirected to the first of `domains`. */
  redirects: readonly string[];
  /** The port that visitors reach nginx on by HTTP. */
  httpPort: number;
  instances: number;
  /** How long the app may take to answer: gunicorn's own timeout. */
  timeout: number;
  /** Whether WebSockets are passed on to the app. */
  webSockets: boolean;
  nginx: NginxSettings;
  /** None: the site is served by HTTP. */
  https?: HttpsSettings | undefined;
}
