import { domainToASCII } from "node:url";

import { z } from "zod";

import { isNetwork } from "../network";

/** A check that says what was expected, in words that fit behind "expected". */
export const text = (expected: string, pattern: RegExp) =>
  z.string({ error: expected }).regex(pattern, expected);

/** `pulumi config set` keeps a whole value, and one in quotes, as text: a clean number or flag in it counts. */
export const fromText = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) =>
      (typeof value === "string" && /^(0|-?[1-9]\d{0,15}|true|false)$/.test(value)
        ? JSON.parse(value)
        : value) as unknown,
    schema,
  );
export const integer = (expected: string, low: number, high: number) =>
  fromText(z.int({ error: expected }).min(low, expected).max(high, expected));
export const flag = fromText(z.boolean({ error: "true or false" }));

/** An object that has no other keys than these. */
export const section = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, { error: "an object of settings" });

export const port = integer("a port from 1 to 65535", 1, 65535);
export const host = text("a host name or an IP address", /^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/);
export const user = text("the name of a Linux user", /^[a-z_][a-z0-9_-]{0,31}$/);
export const hostKey = text(
  "one line `ssh-ed25519 AAAA…`, as `ssh-keyscan -t ed25519 HOST` prints it behind the host",
  /^ssh-ed25519 [A-Za-z0-9+/]{68}={0,2}$/,
);
export const urlPath = text("a URL path such as /static/", /^\/([A-Za-z0-9._~-]+\/)+$/);
export const oneLine = text("one line of text", /^[^\0\r\n]+$/);

export const seconds = (low: number, high: number) => integer(`${low} to ${high} seconds`, low, high);

export const network = z
  .string({ error: "an address or a network such as 203.0.113.0/24" })
  .refine(isNetwork, "an address or a network such as 203.0.113.0/24");

/** International names become punycode; what is no name at all is refused. */
export const domain = z
  .string({ error: "a domain name such as example.org" })
  .transform((name) => (/^[^\s/:@?#%;$()]+$/.test(name) ? domainToASCII(name) : name))
  .pipe(
    text(
      "a domain name such as example.org",
      /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    ),
  );
