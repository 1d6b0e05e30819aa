import { type Mistake, inFile, set } from "./mistake";

const folder =
  "a folder relative to manage.py's: letters, digits, . _ - and inner slashes, such as var/uploads";
const reserved = "a variable that the shell or this program does not set itself";

/** Of the app and its environment. */
export const appMistakes: Mistake[] = [
  [
    "a fixture that would be an option",
    { app: { path: ".", fixtures: ["--all"] } },
    [
      "app.fixtures[0]",
      '"--all"',
      "the name of a fixture such as rooms or chat/rooms.json: letters, digits, . _ - and slashes",
      set("'app.fixtures[0]'"),
    ],
  ],
  [
    "a fixture twice",
    { app: { path: ".", fixtures: ["rooms", "rooms"] } },
    ["app.fixtures", '["rooms","rooms"]', "each fixture once", inFile],
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
    "an interface that is none",
    { app: { path: ".", interface: "cgi" } },
    ["app.interface", '"cgi"', "wsgi or asgi", set("app.interface")],
  ],
  [
    "an ASGI module without ASGI",
    { app: { path: ".", asgiModule: "a.asgi:application" } },
    [
      "app",
      '{"path":".","asgiModule":"a.asgi:application"}',
      "asgiModule only beside interface: asgi",
      inFile,
    ],
  ],
  [
    "an ASGI module that is a path",
    { app: { path: ".", interface: "asgi", asgiModule: "a/asgi.py" } },
    [
      "app.asgiModule",
      '"a/asgi.py"',
      "an ASGI object such as mysite.asgi:application",
      set("app.asgiModule"),
    ],
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
];
