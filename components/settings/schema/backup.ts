import { z } from "zod";

import { isCalendar } from "../calendar";
import { integer, section, text } from "./values";

const calendar = "none, or a calendar expression of systemd's, such as 02:30, daily or Sun 04:00 UTC";

const store = section({
  endpoint: text(
    "the address of an S3 API, such as https://s3.eu-central-1.amazonaws.com",
    /^https?:\/\/[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:\d{1,5})?$/,
  ).default("https://s3.amazonaws.com"),
  bucket: text(
    "a bucket's name: 3 to 63 lower-case letters, digits, dots and dashes",
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  ),
  prefix: text(
    "a path in the bucket: letters, digits, . _ - and inner slashes, such as backups/shop",
    /^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/,
  ).optional(),
  region: text("a region such as eu-central-1", /^[a-z0-9-]{1,40}$/).optional(),
});

export const backupSchema = section({
  schedule: z
    .string({ error: calendar })
    .refine((schedule) => schedule === "none" || isCalendar(schedule), calendar)
    .default("02:30"),
  keepDaily: integer("1 to 1000 snapshots", 1, 1000).default(7),
  keepWeekly: integer("0 to 1000 snapshots", 0, 1000).default(4),
  keepMonthly: integer("0 to 1000 snapshots", 0, 1000).default(6),
  folder: text(
    "none, or a folder's absolute path of letters, digits, . _ and -",
    /^(none|(?!.*\/\.{1,2}(\/|$))(\/[A-Za-z0-9._-]+){2,})$/,
  ).optional(),
  s3: store.optional(),
});
