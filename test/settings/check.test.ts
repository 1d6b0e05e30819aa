import { strict as assert } from "node:assert";

import { checkConfig, type RawConfig } from "../../components/settings/check";
import { secretSchema } from "../../components/settings/schema";

const right: RawConfig = { site: { domains: ["example.org"] }, app: { path: "." } };
const secret = (key: string): boolean => Object.hasOwn(secretSchema.shape, key);
const check = (config: RawConfig, encrypted = (key: string) => secret(key) && key in config) =>
  checkConfig({ ...right, ...config }, encrypted);

const domain = (name: unknown): RawConfig => ({ site: { domains: [name] } });
const site = (name: unknown): RawConfig => ({ site: { name, domains: ["example.org"] } });
const container = (settings: object): RawConfig => ({ machine: { kind: "container", ...settings } });
const ec2 = (settings: object): RawConfig => ({
  machine: { kind: "ec2", sshFrom: ["203.0.113.7"], ...settings },
});
const hostKey = `ssh-ed25519 ${"A".repeat(68)}`;
const ssh = (settings: object): RawConfig => ({
  machine: { kind: "ssh", host: "h.org", hostKey, agent: true, ...settings },
});

const folder =
  "a folder relative to manage.py's: letters, digits, . _ - and inner slashes, such as var/uploads";
const domainName = "a domain name such as example.org";
const siteName =
  "2 to 30 lower-case letters, digits and inner dashes, a letter first: it names files and a system user";
const keyLine = "one line `ssh-ed25519 AAAA…`, as `ssh-keyscan -t ed25519 HOST` prints it behind the host";
const reserved = "a variable that the shell or this program does not set itself";
const set = (path: string) => `pulumi config set --path ${path} VALUE`;
const inFile = "Correct it in the stack's settings file.";
const remove = (path: string) => `Correct its spelling, or: pulumi config rm --path ${path}`;

/** What is configured → key, value, expected and fix of the one problem. */
const mistakes: [string, RawConfig, [key: string, value: string, expected: string, fix: string]][] = [
  [
    "an unknown machine kind",
    { machine: { kind: "docker" } },
    ["machine.kind", '"docker"', "container, ssh or ec2", set("machine.kind")],
  ],
  [
    "a machine that is a text",
    { machine: "container" },
    ["machine", '"container"', "an object whose kind is container, ssh or ec2", inFile],
  ],
  [
    "an unknown system",
    container({ system: "centos-9" }),
    ["machine.system", '"centos-9"', "one of debian-13, debian-12, ubuntu-24.04", set("machine.system")],
  ],
  [
    "a database in another place",
    { database: { server: "cloud" } },
    ["database.server", '"cloud"', "none, machine or url", set("database.server")],
  ],
  [
    "an extension that is no name",
    { database: { server: "machine", extensions: ['pg_trgm"; DROP'] } },
    [
      ...(["database.extensions[0]", '"pg_trgm\\"; DROP"'] as const),
      ...(["the name of an extension such as pg_trgm", set("'database.extensions[0]'")] as const),
    ],
  ],
  [
    "extensions of a database elsewhere",
    { database: { server: "url", extensions: ["pg_trgm", "hstore"] }, databaseUrl: "postgres://db.org/shop" },
    [
      ...(["database.extensions", "pg_trgm, hstore"] as const),
      "none, since database.server is url: only on a server on the machine can they be made",
      "pulumi config rm --path database.extensions, or: pulumi config set --path database.server machine",
    ],
  ],
  [
    "a database elsewhere without its URL",
    { database: { server: "url" } },
    [
      ...(["databaseUrl", "nothing", "a URL, since database.server is url"] as const),
      "pulumi config set --secret databaseUrl (then type the value)",
    ],
  ],
  [
    "a database's URL beside one on the machine",
    { database: { server: "machine" }, databaseUrl: "postgres://db.org/shop" },
    [
      ...(["database.server", "machine", "url, since the secret databaseUrl is set"] as const),
      "pulumi config set --path database.server url, or: pulumi config rm databaseUrl",
    ],
  ],
  [
    "a database's URL that is one of something else",
    { database: { server: "none" }, databaseUrl: "https://db.org/shop" },
    [
      ...(["databaseUrl", "[secret]"] as const),
      "a database's URL, such as postgresql://USER:PASSWORD@HOST:PORT/NAME, with % codes for signs that URLs reserve",
      inFile,
    ],
  ],
  [
    "a Redis elsewhere without its URL",
    { redis: { server: "url" } },
    [
      ...(["redisUrl", "nothing", "a URL, since redis.server is url"] as const),
      "pulumi config set --secret redisUrl (then type the value)",
    ],
  ],
  [
    "a Redis' URL that nobody asked for",
    { redisUrl: "rediss://:word@cache.org:6380/0" },
    [
      ...(["redis.server", "none", "url, since the secret redisUrl is set"] as const),
      "pulumi config set --path redis.server url, or: pulumi config rm redisUrl",
    ],
  ],
  [
    "too little memory for Redis",
    { redis: { server: "machine", memory: 8 } },
    ["redis.memory", "8", '"auto" or 16 to 1048576 MiB', set("redis.memory")],
  ],
  [
    "an eviction that Redis does not know",
    { redis: { eviction: "lru" } },
    [
      ...(["redis.eviction", '"lru"'] as const),
      "one of noeviction, allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random, volatile-ttl",
      set("redis.eviction"),
    ],
  ],
  [
    "a port out of range",
    container({ httpPort: 70_000 }),
    ["machine.httpPort", "70000", "a port from 1 to 65535", set("machine.httpPort")],
  ],
  [
    "a port of zero",
    container({ sshPort: 0 }),
    ["machine.sshPort", "0", "a port from 1 to 65535", set("machine.sshPort")],
  ],
  [
    "a port with letters",
    container({ httpPort: "80a" }),
    ["machine.httpPort", '"80a"', "a port from 1 to 65535", set("machine.httpPort")],
  ],
  [
    "a port with a leading zero",
    container({ httpPort: "0808" }),
    ["machine.httpPort", '"0808"', "a port from 1 to 65535", set("machine.httpPort")],
  ],
  ["a mistyped key", { sit: "x" }, ["sit", "this key", "a key of the settings reference", remove("sit")]],
  [
    "a key named as objects' own",
    { constructor: "x" },
    ["constructor", "this key", "a key of the settings reference", remove("constructor")],
  ],
  [
    "a mistyped nested key",
    { nginx: { gzipp: true } },
    ["nginx.gzipp", "this key", "a key of the settings reference", remove("nginx.gzipp")],
  ],
  [
    "a machine at AWS without a word on who may enter",
    { machine: { kind: "ec2" } },
    [
      "machine.sshFrom",
      "nothing",
      "a list of networks such as [203.0.113.7/32], or auto: this computer's own address",
      set("'machine.sshFrom[0]'"),
    ],
  ],
  [
    "a machine at AWS that nobody may enter",
    ec2({ sshFrom: [] }),
    [
      "machine.sshFrom",
      "[]",
      "at least one network, or auto: this computer's own address",
      set("'machine.sshFrom[0]'"),
    ],
  ],
  ...["0.0.0.0/0", "::/0", "0.0.0.0/1", "2000::/3"].map((world): (typeof mistakes)[number] => [
    `a machine at AWS that ${world} may enter`,
    ec2({ sshFrom: ["203.0.113.7", world] }),
    [
      "machine.sshFrom[1]",
      `"${world}"`,
      "a network of /8 or smaller, or of IPv6 /32 or smaller",
      set("'machine.sshFrom[1]'"),
    ],
  ]),
  [
    "a network that is none",
    ec2({ sshFrom: ["203.0.113.7/33"] }),
    [
      "machine.sshFrom[0]",
      '"203.0.113.7/33"',
      "an address or a network such as 203.0.113.0/24",
      set("'machine.sshFrom[0]'"),
    ],
  ],
  [
    "an instance type that is none",
    ec2({ instanceType: "small" }),
    ["machine.instanceType", '"small"', "an instance type such as t4g.small", set("machine.instanceType")],
  ],
  [
    "a subnet that is none",
    ec2({ subnetId: "vpc-1" }),
    [
      "machine.subnetId",
      '"vpc-1"',
      "a subnet's id such as subnet-0123456789abcdef0",
      set("machine.subnetId"),
    ],
  ],
  [
    "two keys for a machine at AWS",
    { ...ec2({ privateKeyFile: "k" }), sshPrivateKey: "k" },
    [
      "machine",
      "2 ways to log in",
      "at most one of machine.privateKeyFile and the secret sshPrivateKey",
      "Remove one: pulumi config rm --path machine.privateKeyFile",
    ],
  ],
  [
    "a key of the other machine kind",
    container({ host: "h" }),
    ["machine.host", "this key", "a key of the settings reference", remove("machine.host")],
  ],
  [
    "no domains",
    { site: {} },
    ["site.domains", "nothing", "a list of domain names", set("'site.domains[0]'")],
  ],
  [
    "an empty list of domains",
    { site: { domains: [] } },
    ["site.domains", "[]", "at least one domain name", set("'site.domains[0]'")],
  ],
  [
    "a domain with a space",
    domain("a b.org"),
    ["site.domains[0]", '"a b.org"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a semicolon",
    domain("a;b.org"),
    ["site.domains[0]", '"a;b.org"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a newline",
    domain("a.org\nb"),
    ["site.domains[0]", '"a.org\\nb"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a command",
    domain("$(id)"),
    ["site.domains[0]", '"$(id)"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a port",
    domain("a.org:80"),
    ["site.domains[0]", '"a.org:80"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain that is a URL",
    domain("http://a.org"),
    ["site.domains[0]", '"http://a.org"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a long label",
    domain(`${"a".repeat(64)}.org`),
    ["site.domains[0]", `"${"a".repeat(56)}…`, domainName, set("'site.domains[0]'")],
  ],
  [
    "one domain in two spellings",
    { site: { domains: ["a.org", "A.org"] } },
    ["site.domains", '["a.org","A.org"]', "each domain once", inFile],
  ],
  ["a site name that climbs", site("../x"), ["site.name", '"../x"', siteName, set("site.name")]],
  [
    "a site name of 300 characters",
    site("a".repeat(300)),
    ["site.name", `"${"a".repeat(56)}…`, siteName, set("site.name")],
  ],
  [
    "a site name of 31 characters",
    site("a".repeat(31)),
    ["site.name", `"${"a".repeat(31)}"`, siteName, set("site.name")],
  ],
  ["a site name in upper case", site("Shop"), ["site.name", '"Shop"', siteName, set("site.name")]],
  ["a site name with a space", site("my shop"), ["site.name", '"my shop"', siteName, set("site.name")]],
  ["a site name with a newline", site("shop\n"), ["site.name", '"shop\\n"', siteName, set("site.name")]],
  ["an empty site name", site(""), ["site.name", '""', siteName, set("site.name")]],
  [
    "a site name of the system",
    site("root"),
    ["site.name", '"root"', "a name that is not the system's own", set("site.name")],
  ],
  [
    "a package with an option",
    { site: { domains: ["a.org"], packages: ["-oX"] } },
    ["site.packages[0]", '"-oX"', "the name of a Debian package", set("'site.packages[0]'")],
  ],
  [
    "a release that is no id",
    { app: { path: ".", release: "last" } },
    [
      "app.release",
      '"last"',
      "the id of a release, such as 0123456789ab-4d5e, as the output `release` names it",
      set("app.release"),
    ],
  ],
  [
    "a build that is one command",
    { app: { path: ".", build: "make" } },
    ["app.build", '"make"', "a list of commands", set("'app.build[0]'")],
  ],
  [
    "a persistent folder that climbs",
    { app: { path: ".", persistent: ["var/../.."] } },
    ["app.persistent[0]", '"var/../.."', folder, set("'app.persistent[0]'")],
  ],
  [
    "an absolute persistent folder",
    { app: { path: ".", persistent: ["/var"] } },
    ["app.persistent[0]", '"/var"', folder, set("'app.persistent[0]'")],
  ],
  [
    "the whole project as a persistent folder",
    { app: { path: ".", persistent: ["."] } },
    ["app.persistent[0]", '"."', folder, set("'app.persistent[0]'")],
  ],
  [
    "a persistent folder in another",
    { app: { path: ".", persistent: ["var/a", "var"] } },
    ["app.persistent", '["var/a","var"]', "folders that do not lie in one another, each once", inFile],
  ],
  ["no app", { app: {} }, ["app", "{}", "exactly one of path, git and archive", inFile]],
  [
    "two apps",
    { app: { path: ".", git: "g" } },
    ["app", '{"path":".","git":"g"}', "exactly one of path, git and archive", inFile],
  ],
  [
    "an archive without its sum",
    { app: { archive: "a.tar.gz" } },
    ["app", '{"archive":"a.tar.gz"}', "archive and sha256 together, or neither", inFile],
  ],
  [
    "a git server's key without git",
    { app: { path: ".", gitHostKey: `ssh-ed25519 ${"A".repeat(68)}` } },
    ["app", `{"path":".","gitHostKey":"ssh-ed25519 ${"A".repeat(19)}…`, "gitHostKey only beside git", inFile],
  ],
  [
    "a ref without git",
    { app: { path: ".", ref: "main" } },
    ["app", '{"path":".","ref":"main"}', "ref only beside git", inFile],
  ],
  [
    "a settings module that is a path",
    { app: { path: ".", settingsModule: "a/b" } },
    [
      "app.settingsModule",
      '"a/b"',
      "a dotted module name such as mysite.settings",
      set("app.settingsModule"),
    ],
  ],
  [
    "a variable name with a dash",
    { environment: { "A-B": "x" } },
    [
      "environment.A-B",
      "this name",
      "the name of an environment variable: letters, digits and _",
      "Rename it.",
    ],
  ],
  [
    "a variable name with a command",
    { environment: { "A=$(id)": "x" } },
    [
      'environment["A=$(id)"]',
      "this name",
      "the name of an environment variable: letters, digits and _",
      "Rename it.",
    ],
  ],
  [
    "a variable of the shell",
    { environment: { PATH: "x" } },
    ["environment.PATH", "this name", reserved, "Rename it."],
  ],
  [
    "a variable that is a list",
    { environment: { A: ["x"] } },
    ["environment.A", '["x"]', "a text, a number, true or false", inFile],
  ],
  [
    "a value with NUL",
    { environment: { A: "a\0b" } },
    ["environment.A", '"a\\u0000b"', "a text without NUL characters", set("environment.A")],
  ],
  [
    "a number that lost its last digits",
    { environment: { A: 2 ** 64 } },
    ["environment.A", "18446744073709552000", "a number of this length in quotes", set("environment.A")],
  ],
  [
    "the same variable twice",
    { environment: { A: "1" }, secretEnvironment: { A: "hush" } },
    [
      "environment",
      "A",
      "each variable in one place",
      "Remove it from environment or from secretEnvironment.",
    ],
  ],
  [
    "no way to log in",
    ssh({ agent: false }),
    [
      "machine",
      "no way to log in",
      "exactly one of machine.agent, machine.privateKeyFile and the secret sshPrivateKey",
      "For example: pulumi config set --path machine.privateKeyFile ~/.ssh/id_ed25519",
    ],
  ],
  [
    "two ways to log in",
    { ...ssh({ privateKeyFile: "k" }) },
    [
      "machine",
      "2 ways to log in",
      "exactly one of machine.agent, machine.privateKeyFile and the secret sshPrivateKey",
      "For example: pulumi config set --path machine.privateKeyFile ~/.ssh/id_ed25519",
    ],
  ],
  [
    "a missing host key",
    ssh({ hostKey: undefined }),
    ["machine.hostKey", "nothing", keyLine, set("machine.hostKey")],
  ],
  [
    "an RSA host key",
    ssh({ hostKey: "ssh-rsa AAAA" }),
    ["machine.hostKey", '"ssh-rsa AAAA"', keyLine, set("machine.hostKey")],
  ],
  [
    "a host key with its host",
    ssh({ hostKey: `h ${hostKey}` }),
    ["machine.hostKey", `"h ssh-ed25519 ${"A".repeat(42)}…`, keyLine, set("machine.hostKey")],
  ],
  [
    "a host that is an option",
    ssh({ host: "-oProxyCommand=id" }),
    ["machine.host", '"-oProxyCommand=id"', "a host name or an IP address", set("machine.host")],
  ],
  [
    "a bastion without a host key",
    ssh({ bastion: { host: "b.org" } }),
    ["machine.bastion.hostKey", "nothing", keyLine, set("machine.bastion.hostKey")],
  ],
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

describe("the check of a stack's configuration", () => {
  for (const [what, config, [key, value, expected, fix]] of mistakes) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(check(config).problems, [{ key, value, expected, fix }]);
    });
  }

  it("tells every mistake at once, of one key and of several", () => {
    const { problems } = check({
      ...{ machine: { kind: "docker" }, site: { name: "../x", domains: ["a b", "a;b"] }, app: {}, sit: 1 },
      ...{ environment: { "A-B": "x", TWICE: "x" }, secretEnvironment: { TWICE: "hush", PATH: "hush" } },
      ...{ gunicorn: { threads: 0, workers: "x" }, nginx: { gzip: 1, snippet: 2 }, health: { timeout: 0 } },
    });
    assert.deepEqual(problems.map(({ key }) => key).sort(), [
      ...[
        "app",
        "environment.A-B",
        "gunicorn.threads",
        "gunicorn.workers",
        "health.timeout",
        "machine.kind",
        "nginx.gzip",
      ],
      ...[
        "nginx.snippet",
        "secretEnvironment.PATH",
        "sit",
        "site.domains[0]",
        "site.domains[1]",
        "site.name",
      ],
    ]);
  });

  it("judges by what is right of one part although another is wrong", () => {
    const { problems } = check({ ...domain("a b"), ...ssh({ agent: false }), gunicorn: { timeout: 60 } });
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["site.domains[0]", "machine", "gunicorn.gracefulTimeout"],
    );
  });

  it("fills in the defaults, also where Pulumi.yaml hands over empty values", () => {
    const plain = check({}).parts;
    const empty = {
      environment: {},
      gunicorn: {},
      nginx: {},
      health: {},
      database: {},
      redis: {},
      secretEnvironment: {},
      databaseUrl: "",
      redisUrl: "",
      sshPrivateKey: "",
      bastionPrivateKey: "",
    };
    const defaults = check({ machine: { kind: "container" }, ...empty }, () => false);
    assert.deepEqual(defaults.problems, []);
    assert.deepEqual(JSON.parse(JSON.stringify(defaults.parts)), JSON.parse(JSON.stringify(plain)));
    assert.deepEqual(plain.machine, { kind: "container" });
    assert.deepEqual(plain.site, {
      name: "wepynaire",
      domains: ["example.org"],
      migrate: true,
      deleteData: false,
      packages: [],
      releases: 5,
    });
    assert.deepEqual(plain.database, { server: "none", extensions: [], deleteData: false });
    assert.deepEqual(plain.redis, {
      server: "none",
      memory: "auto",
      eviction: "noeviction",
      deleteData: false,
    });
    assert.deepEqual(plain.gunicorn, {
      instances: 2,
      workers: "auto",
      threads: 4,
      timeout: 30,
      gracefulTimeout: 30,
      maxRequests: 0,
    });
    assert.deepEqual(plain.health, { path: "/", status: "200-399", timeout: 30 });
  });

  it("takes numbers and flags that arrive as text, as `pulumi config set` may keep them", () => {
    const { parts, problems } = check({
      ...container({ httpPort: "8081" }),
      ...{
        gunicorn: { workers: "3", threads: "2", maxRequests: "0" },
        nginx: { gzip: "false", bodySize: "50" },
      },
      ...{ site: { domains: ["a.org"], migrate: "true" } },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(parts.machine, { kind: "container", httpPort: 8081 });
    assert.deepEqual(
      [parts.gunicorn?.workers, parts.gunicorn?.threads, parts.gunicorn?.maxRequests],
      [3, 2, 0],
    );
    assert.deepEqual([parts.nginx?.gzip, parts.nginx?.bodySize, parts.site?.migrate], [false, 50, true]);
  });

  it("leaves the text of environment variables as it is, and writes numbers and flags as text", () => {
    const { parts } = check({
      environment: { A: "007", B: "true", C: 1.5, D: 8080, E: false, F: "", G: "a\nb'\"$%#\\" },
    });
    assert.deepEqual(parts.environment, {
      A: "007",
      B: "true",
      C: "1.5",
      D: "8080",
      E: "false",
      F: "",
      G: "a\nb'\"$%#\\",
    });
  });

  it("turns international domains into punycode and lower case", () => {
    const { parts } = check({
      site: { domains: ["bücher.example", "EXAMPLE.org", "127.0.0.1", "xn--nxasmq6b.org", "日本。jp"] },
    });
    assert.deepEqual(parts.site?.domains, [
      "xn--bcher-kva.example",
      "example.org",
      "127.0.0.1",
      "xn--nxasmq6b.org",
      "xn--wgv71a.jp",
    ]);
  });

  it("keeps a snippet of several lines", () => {
    const snippet = "location /x {\n  return 204;\n}\n";
    assert.equal(check({ nginx: { snippet } }).parts.nginx?.snippet, snippet);
  });

  it("accepts networks of both kinds of addresses", () => {
    const allowFrom = ["203.0.113.7", "10.0.0.0/8", "2001:db8::/32", "::1"];
    assert.deepEqual(check({ nginx: { allowFrom } }).problems, []);
  });
});

describe("secrets", () => {
  it("are in no message, whatever is wrong with them", () => {
    const hush = "-hush-";
    const configs: RawConfig[] = [
      { secretEnvironment: { "A-B": hush, PATH: hush, C: [hush], D: { hush } } },
      { secretEnvironment: hush, sshPrivateKey: [hush], bastionPrivateKey: { hush } },
      { secretEnvironment: { A: hush }, environment: { A: "1" }, ...ssh({}), sshPrivateKey: hush },
    ];
    for (const config of configs) {
      const { problems } = check(config);
      assert.notEqual(problems.length, 0);
      assert.ok(!JSON.stringify(problems).includes(hush));
    }
  });

  it("must be encrypted", () => {
    const config = { secretEnvironment: { A: "-hush-" }, sshPrivateKey: "-hush-" };
    const { problems } = check(config, () => false);
    assert.deepEqual(problems, [
      {
        key: "secretEnvironment",
        value: "plain text",
        expected: "an encrypted value",
        fix: "Set it again, with: pulumi config set --secret --path secretEnvironment.NAME (then type the value)",
      },
      {
        key: "sshPrivateKey",
        value: "plain text",
        expected: "an encrypted value",
        fix: "Set it again, with: pulumi config set --secret --path sshPrivateKey (then type the value)",
      },
    ]);
  });

  it("are refused where previews show values, and not shown there either", () => {
    const { problems } = check(
      { environment: { A: "-hush-", B: ["-hush-"] } },
      (key) => key === "environment",
    );
    assert.deepEqual(
      problems.map(({ key, value }) => [key, value]),
      [
        ["environment.B", "[secret]"],
        ["environment", "an encrypted value"],
      ],
    );
    assert.ok(!JSON.stringify(problems).includes("-hush-"));
  });
});
