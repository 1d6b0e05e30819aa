import { type Mistake, remove, set } from "./mistake";

/** Of gunicorn, nginx and the health check. */
export const webMistakes: Mistake[] = [
  [
    "too many workers",
    { gunicorn: { workers: 65 } },
    ["gunicorn.workers", "65", '"auto" or 1 to 64 workers', set("gunicorn.workers")],
  ],
  [
    "half a second",
    { gunicorn: { timeout: 0.5 } },
    ["gunicorn.timeout", "0.5", "1 to 3600 seconds", set("gunicorn.timeout")],
  ],
  [
    "less grace than time",
    { gunicorn: { timeout: 60 } },
    [
      "gunicorn.gracefulTimeout",
      "30",
      "at least gunicorn.timeout (60), or a restart cuts slow requests off",
      "pulumi config set --path gunicorn.gracefulTimeout 60",
    ],
  ],
  [
    "a mistyped nested key",
    { nginx: { gzipp: true } },
    ["nginx.gzipp", "this key", "a key of the settings reference", remove("nginx.gzipp")],
  ],
  [
    "a flag that is none",
    { nginx: { gzip: "yes" } },
    ["nginx.gzip", '"yes"', "true or false", set("nginx.gzip")],
  ],
  [
    "a network that is none",
    { nginx: { allowFrom: ["10.0.0.0/33"] } },
    [
      "nginx.allowFrom[0]",
      '"10.0.0.0/33"',
      "an address or a network such as 203.0.113.0/24",
      set("'nginx.allowFrom[0]'"),
    ],
  ],
  [
    "a header that nginx would expand",
    { nginx: { securityHeaders: { A: "$host" } } },
    [
      "nginx.securityHeaders.A",
      '"$host"',
      'one line without " $ and backslash',
      set("nginx.securityHeaders.A"),
    ],
  ],
  [
    "a header name with a space",
    { nginx: { securityHeaders: { "A B": "x" } } },
    ['nginx.securityHeaders["A B"]', "this name", "a header name", "Rename it."],
  ],
  [
    "a static URL of another host",
    { nginx: { staticUrl: "https://cdn.org/" } },
    ["nginx.staticUrl", '"https://cdn.org/"', "a URL path such as /static/", set("nginx.staticUrl")],
  ],
  [
    "one path for two kinds of files",
    { nginx: { mediaUrl: "/static/" } },
    [
      "nginx.mediaUrl",
      "/static/",
      "another path than nginx.staticUrl",
      "Set both to the app's own STATIC_URL and MEDIA_URL.",
    ],
  ],
  [
    "a health check of a host that is not the site's",
    { health: { host: "other.org" } },
    [
      "health.host",
      "other.org",
      "one of site.domains, which nginx serves",
      "Add it to site.domains, or leave it out: then it is the first of them.",
    ],
  ],
  [
    "a health path with a space",
    { health: { path: "/a b" } },
    ["health.path", '"/a b"', "a URL path such as /healthz", set("health.path")],
  ],
  [
    "statuses the wrong way round",
    { health: { status: "500-200" } },
    ["health.status", '"500-200"', "the lower status first, such as 200-399", set("health.status")],
  ],
];
