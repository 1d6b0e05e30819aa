import { z } from "zod";

import { isCalendar } from "../calendar";
import { integer, oneLine, seconds, section, text } from "./values";

/** They name logs, and what else a site has: its servers, its own units and programs. */
const reservedNames = new Set([
  ...["gunicorn", "nginx", "supervisor", "error", "access", "migrate", "release", "build"],
  ...[
    "processes",
    "timers",
    "services",
    "backup",
    "restore",
    "postgresql",
    "redis",
    "tls",
    "certbot",
    "mail",
  ],
]);

/** Without dashes: SITE-NAME-0 of one site is never that of another, whose name is longer. */
export const processName = text(
  "1 to 20 lower-case letters, digits and _, a letter first",
  /^[a-z][a-z0-9_]{0,19}$/,
).refine((name) => !reservedNames.has(name), "a name that is not that of another log or service");

const line = oneLine.regex(/^(?=.*\S)\P{Cc}+$/u, "one line of text without control characters");

/** What bash reads as it stands: not what is quoted or escaped, nor redirections. */
const unquoted = (command: string): string =>
  command.replaceAll(/\\.|'[^']*'|"(?:\\.|[^"\\])*"/g, "").replaceAll(/\d*[<>]&[\d-]|&>>?/g, "");

/** Signals have to reach the program itself, not a shell in front of it. */
const program = line
  .refine((command) => !/['"]|\\$/.test(unquoted(command)), "quotes that are closed")
  .refine(
    (command) => !/[;&|]|^\s*(\w+=|#|exec\b)/.test(unquoted(command)),
    "one program with its arguments; several, or variables in front: in quotes, as in bash -c '…'",
  );

export const processesSchema = z.record(
  processName,
  section({
    command: program,
    count: integer("0 to 32 processes", 0, 32).default(1),
    stopTimeout: seconds(1, 600).default(60),
  }),
  { error: "an object of processes" },
);

const calendar = "a calendar expression of systemd's, such as daily, *:0/15 or Mon..Fri 06:30 UTC";

export const timersSchema = z.record(
  processName,
  section({
    command: line,
    schedule: z.string({ error: calendar }).refine(isCalendar, calendar),
    timeout: seconds(1, 86_400).default(3600),
  }),
  { error: "an object of timers" },
);
