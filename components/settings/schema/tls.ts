import { z } from "zod";

import { seconds, section, text } from "./values";

/** Two years, as Mozilla's intermediate profile has it. */
export const longHsts = 63_072_000;
const hsts = seconds(0, 2 * longHsts).optional();

const acme = section({
  kind: z.literal("acme"),
  email: text("an e-mail address", /^[^\s@'"\\]+@[^\s@'"\\]+\.[^\s@'"\\]+$/).optional(),
  directory: text(
    "letsencrypt, letsencrypt-staging or the https:// URL of an ACME server's directory",
    /^(letsencrypt(-staging)?|https:\/\/[^\s'"\\]+)$/,
  ).optional(),
  hsts,
});

const kinds = "none, acme, provided or self-signed";

export const tlsSchema = z.discriminatedUnion(
  "kind",
  [
    section({ kind: z.literal("none") }),
    acme,
    section({ kind: z.literal("provided"), hsts }),
    section({ kind: z.literal("self-signed"), hsts }),
  ],
  { error: ({ input }) => (typeof input === "object" ? kinds : `an object whose kind is ${kinds}`) },
);
