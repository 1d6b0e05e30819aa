import { z } from "zod";

import { host, oneLine, port, section, text } from "./values";

export const mailSchema = section({
  host: host.optional(),
  port: port.optional(),
  user: oneLine.optional(),
  from: text(
    "an address such as hello@example.org or Shop <hello@example.org>",
    /^([^\s<>@]+@[^\s<>@]+|[^\0\r\n<>]+ <[^\s<>@]+@[^\s<>@]+>)$/,
  ).optional(),
  security: z.enum(["starttls", "tls", "none"], { error: "starttls, tls or none" }).default("starttls"),
}).refine(
  ({ host, from, port, user }) =>
    host === undefined ? from === undefined && port === undefined && user === undefined : from !== undefined,
  "host and from together, or none of the keys",
);

export type MailSettings = z.output<typeof mailSchema>;
