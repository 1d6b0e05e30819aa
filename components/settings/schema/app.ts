import { z } from "zod";

import { flag, hostKey, oneLine, section, text } from "./values";

const dottedModule = text("a dotted module name such as mysite.settings", /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/);

const application = (expected: string) => text(expected, /^[A-Za-z_][\w.]*:[A-Za-z_]\w*$/);

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

/** A name as `loaddata` takes it; a dash at its start would be an option. */
const fixture = text(
  "the name of a fixture such as rooms or chat/rooms.json: letters, digits, . _ - and slashes",
  /^[A-Za-z0-9._/][A-Za-z0-9._/-]*$/,
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
  interface: z.enum(["wsgi", "asgi"], { error: "wsgi or asgi" }).default("wsgi"),
  wsgiModule: application("a WSGI object such as mysite.wsgi:application").optional(),
  asgiModule: application("an ASGI object such as mysite.asgi:application").optional(),
  dependencies: oneLine.optional(),
  build: z.array(oneLine, { error: "a list of commands" }).default([]),
  compileMessages: flag.default(false),
  fixtures: z
    .array(fixture, { error: "a list of fixtures" })
    .refine((names) => new Set(names).size === names.length, "each fixture once")
    .default([]),
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
  .refine(
    (app) => app.asgiModule === undefined || app.interface === "asgi",
    "asgiModule only beside interface: asgi",
  )
  .refine((app) => app.ref === undefined || app.git !== undefined, "ref only beside git")
  .refine((app) => app.gitHostKey === undefined || app.git !== undefined, "gitHostKey only beside git")
  .refine(
    (app) => (app.sha256 === undefined) === (app.archive === undefined),
    "archive and sha256 together, or neither",
  );
