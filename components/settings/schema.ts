import { domainToASCII } from "node:url";

import { z } from "zod";

import { containerSystems, ec2Systems } from "../machine/args";
import { isNarrow, isNetwork } from "./network";

/** A check that says what was expected, in words that fit behind "expected". */
const text = (expected: string, pattern: RegExp) => z.string({ error: expected }).regex(pattern, expected);

/** `pulumi config set` keeps a whole value, and one in quotes, as text: a clean number or flag in it counts. */
const fromText = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) =>
      (typeof value === "string" && /^(0|-?[1-9]\d{0,15}|true|false)$/.test(value)
        ? JSON.parse(value)
        : value) as unknown,
    schema,
  );
const integer = (expected: string, low: number, high: number) =>
  fromText(z.int({ error: expected }).min(low, expected).max(high, expected));
const flag = fromText(z.boolean({ error: "true or false" }));

/** An object that has no other keys than these. */
const section = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, { error: "an object of settings" });

const port = integer("a port from 1 to 65535", 1, 65535);
const host = text("a host name or an IP address", /^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/);
const user = text("the name of a Linux user", /^[a-z_][a-z0-9_-]{0,31}$/);
const hostKey = text(
  "one line `ssh-ed25519 AAAA…`, as `ssh-keyscan -t ed25519 HOST` prints it behind the host",
  /^ssh-ed25519 [A-Za-z0-9+/]{68}={0,2}$/,
);
const urlPath = text("a URL path such as /static/", /^\/([A-Za-z0-9._~-]+\/)+$/);
const oneLine = text("one line of text", /^[^\0\r\n]+$/);

const containerMachine = section({
  kind: z.literal("container"),
  system: z.enum(containerSystems, { error: `one of ${containerSystems.join(", ")}` }).optional(),
  httpPort: port.optional(),
  sshPort: port.optional(),
});

const bastion = section({ host, port: port.optional(), user: user.optional(), hostKey });

const sshMachine = section({
  kind: z.literal("ssh"),
  host,
  hostKey,
  port: port.optional(),
  user: user.optional(),
  privateKeyFile: oneLine.optional(),
  agent: flag.optional(),
  bastion: bastion.optional(),
  address: host.optional(),
  httpPort: port.optional(),
});

const network = z
  .string({ error: "an address or a network such as 203.0.113.0/24" })
  .refine(isNetwork, "an address or a network such as 203.0.113.0/24");

/** Where a machine at AWS may be entered from: the world would try its passwords all day. */
const sshFrom = z.preprocess(
  (value) => (value === "auto" ? [value] : value),
  z
    .array(
      z.literal("auto").or(network.refine(isNarrow, "a network of /8 or smaller, or of IPv6 /32 or smaller")),
      { error: "a list of networks such as [203.0.113.7/32], or auto: this computer's own address" },
    )
    .min(1, "at least one network, or auto: this computer's own address"),
);

const ec2Machine = section({
  kind: z.literal("ec2"),
  sshFrom,
  system: z.enum(ec2Systems, { error: `one of ${ec2Systems.join(", ")}` }).optional(),
  instanceType: text("an instance type such as t4g.small", /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/).optional(),
  generation: integer("1 to 9999", 1, 9999).optional(),
  subnetId: text("a subnet's id such as subnet-0123456789abcdef0", /^subnet-[0-9a-f]{8,17}$/).optional(),
  availabilityZone: text("a zone such as eu-central-1a", /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/).optional(),
  privateKeyFile: oneLine.optional(),
  rootSize: integer("8 to 16384 GiB", 8, 16_384).optional(),
  dataSize: integer("1 to 16384 GiB", 1, 16_384).optional(),
  snapshots: integer("0 (none) to 1000 snapshots", 0, 1000).optional(),
  alarmEmail: text("an e-mail address", /^[^\s@]+@[^\s@]+\.[^\s@]+$/).optional(),
  zone: text("a hosted zone's id such as Z0123456789ABC", /^Z[A-Z0-9]{1,31}$/).optional(),
  protect: flag.optional(),
});

const kinds = "container, ssh or ec2";

export const machineSchema = z.discriminatedUnion("kind", [containerMachine, sshMachine, ec2Machine], {
  error: ({ input }) => (typeof input === "object" ? kinds : `an object whose kind is ${kinds}`),
});

/** International names become punycode; what is no name at all is refused. */
const domain = z
  .string({ error: "a domain name such as example.org" })
  .transform((name) => (/^[^\s/:@?#%;$()]+$/.test(name) ? domainToASCII(name) : name))
  .pipe(
    text(
      "a domain name such as example.org",
      /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    ),
  );

const reservedNames = ["django-server", "django-server-default", "root", "www-data", "default"];

export const siteSchema = section({
  name: text(
    "2 to 30 lower-case letters, digits and inner dashes, a letter first: it names files and a system user",
    /^(?=.{2,30}$)[a-z](-?[a-z0-9])+$/,
  )
    .refine((name) => !reservedNames.includes(name), "a name that is not the system's own")
    .default("wepynaire"),
  domains: z
    .array(domain, { error: "a list of domain names" })
    .min(1, "at least one domain name")
    .refine((names) => new Set(names).size === names.length, "each domain once"),
  migrate: flag.default(true),
  releases: integer("1 to 100 releases", 1, 100).default(5),
  packages: z
    .array(text("the name of a Debian package", /^[a-z0-9][a-z0-9+.-]+$/), {
      error: "a list of Debian packages",
    })
    .default([]),
});

const dottedModule = text("a dotted module name such as mysite.settings", /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/);

const folders = z
  .array(
    text(
      "a folder relative to manage.py's: letters, digits, . _ - and inner slashes, such as var/uploads",
      /^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/,
    ),
    { error: "a list of folders" },
  )
  .refine(
    (names) =>
      !names.some((name, index) =>
        names.some((other, at) => at !== index && `${name}/`.startsWith(`${other}/`)),
      ),
    "folders that do not lie in one another, each once",
  );

export const appSchema = section({
  path: oneLine.optional(),
  git: oneLine.optional(),
  ref: oneLine.optional(),
  gitHostKey: hostKey.optional(),
  archive: oneLine.optional(),
  sha256: text("64 hexadecimal digits, as `sha256sum FILE` prints them", /^[0-9a-f]{64}$/).optional(),
  root: oneLine.optional(),
  settingsModule: dottedModule.optional(),
  wsgiModule: text(
    "a WSGI object such as mysite.wsgi:application",
    /^[A-Za-z_][\w.]*:[A-Za-z_]\w*$/,
  ).optional(),
  dependencies: oneLine.optional(),
  build: z.array(oneLine, { error: "a list of commands" }).default([]),
  persistent: folders.default([]),
  release: text(
    "the id of a release, such as 0123456789ab-4d5e, as the output `release` names it",
    /^[0-9a-f]{12}-[0-9a-f]{4}$/,
  ).optional(),
})
  .refine((app) => [app.path, app.git, app.archive].filter((given) => given !== undefined).length === 1, {
    error: "exactly one of path, git and archive",
    abort: true,
  })
  .refine((app) => app.ref === undefined || app.git !== undefined, "ref only beside git")
  .refine((app) => app.gitHostKey === undefined || app.git !== undefined, "gitHostKey only beside git")
  .refine(
    (app) => (app.sha256 === undefined) === (app.archive === undefined),
    "archive and sha256 together, or neither",
  );

/** bash keeps these to itself, and site-exec, which loads the environment, these. */
const reservedVariables = [
  /^(BASH.*|COMP_WORDBREAKS|DIRSTACK|EPOCH.*|E?UID|FUNCNAME|GROUPS|HISTCMD|IFS|LINENO|OLDPWD|OPTIND|PIPESTATUS|PPID)$/,
  /^(PWD|RANDOM|SECONDS|SHELLOPTS|SHLVL|SRANDOM|_)$/,
  /^(ENV|LD_.*|PATH|RELEASE|VIRTUAL_ENV|file|release|settings|site)$/,
];
const variableName = text(
  "the name of an environment variable: letters, digits and _",
  /^[A-Za-z_][A-Za-z0-9_]*$/,
).refine(
  (name) => !reservedVariables.some((names) => names.test(name)),
  "a variable that the shell or this program does not set itself",
);
const variableValue = z
  .union([z.string(), z.number(), z.boolean()], { error: "a text, a number, true or false" })
  // A longer number has lost its last digits before it arrives here.
  .refine(
    (value) => !(Number.isInteger(value) && !Number.isSafeInteger(value)),
    "a number of this length in quotes",
  )
  .transform(String)
  .refine((value) => !value.includes("\0"), "a text without NUL characters");

export const environmentSchema = z
  .record(variableName, variableValue, { error: "an object of variables" })
  .default({});

const seconds = (low: number, high: number) => integer(`${low} to ${high} seconds`, low, high);

export const gunicornSchema = section({
  instances: integer("1 to 16 instances", 1, 16).default(2),
  workers: fromText(
    z.union([z.literal("auto"), integer('"auto" or 1 to 64 workers', 1, 64)], {
      error: '"auto" or 1 to 64 workers',
    }),
  ).default("auto"),
  threads: integer("1 to 64 threads", 1, 64).default(4),
  timeout: seconds(1, 3600).default(30),
  gracefulTimeout: seconds(1, 600).default(30),
  maxRequests: integer("0 to 1000000 requests", 0, 1_000_000).default(0),
});

export const nginxSchema = section({
  requestsPerSecond: integer("0 (no limit) to 100000", 0, 100_000).default(30),
  requestBurst: integer("0 to 100000", 0, 100_000).default(120),
  connections: integer("0 (no limit) to 100000", 0, 100_000).default(60),
  bodySize: integer("1 to 10240 MiB", 1, 10_240).default(20),
  clientTimeout: seconds(1, 3600).default(15),
  allowFrom: z.array(network, { error: "a list of networks" }).default([]),
  securityHeaders: z
    .record(
      text("a header name", /^[A-Za-z][A-Za-z0-9-]*$/),
      text('one line without " $ and backslash', /^[^"$\\\0\r\n]+$/),
      { error: "an object of headers" },
    )
    .default({
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "SAMEORIGIN",
      "Referrer-Policy": "strict-origin-when-cross-origin",
    }),
  staticUrl: urlPath.default("/static/"),
  mediaUrl: urlPath.default("/media/"),
  staticMaxAge: seconds(0, 31_536_000).default(3600),
  gzip: flag.default(true),
  snippet: z
    .string({ error: "nginx directives" })
    .refine((directives) => !directives.includes("\0"), "nginx directives without NUL characters")
    .default(""),
  refuseUnknownHosts: flag.default(true),
});

export const healthSchema = section({
  path: text("a URL path such as /healthz", /^\/[^\s"'\\]*$/).default("/"),
  host: domain.optional(),
  status: text("a range of statuses such as 200-399", /^[1-5]\d\d-[1-5]\d\d$/)
    .refine((range) => range.slice(0, 3) <= range.slice(4), "the lower status first, such as 200-399")
    .default("200-399"),
  timeout: seconds(1, 600).default(30),
});

/** Every key of the stack's configuration, in the order of the reference. */
export const stackSchema = section({
  machine: machineSchema.default({ kind: "container" }),
  site: siteSchema,
  app: appSchema,
  environment: environmentSchema,
  gunicorn: gunicornSchema.prefault({}),
  nginx: nginxSchema.prefault({}),
  health: healthSchema.prefault({}),
  repair: oneLine.or(z.literal("")).optional(),
});

/** Empty, as Pulumi.yaml has it where a stack sets none, is no key. */
const privateKey = z
  .string({ error: "the text of a private key" })
  .optional()
  .transform((key) => (key === "" ? undefined : key));

/** Keys whose values must be encrypted; no message ever holds one. */
export const secretSchema = section({
  secretEnvironment: environmentSchema,
  sshPrivateKey: privateKey,
  bastionPrivateKey: privateKey,
  deployKey: privateKey,
  gitToken: z
    .string({ error: "a token, or USER:TOKEN" })
    .regex(/^[\x21-\x7e]*$/, "a token, or USER:TOKEN, without spaces")
    .optional()
    .transform((token) => (token === "" ? undefined : token)),
});

export type StackSettings = z.output<typeof stackSchema>;
export type StackSecrets = z.output<typeof secretSchema>;
