import { z } from "zod";

import { appSchema } from "./app";
import { environmentSchema } from "./environment";
import { gunicornSchema } from "./gunicorn";
import { healthSchema } from "./health";
import { machineSchema } from "./machine";
import { nginxSchema } from "./nginx";
import { siteSchema } from "./site";
import { tlsSchema } from "./tls";
import { oneLine, section } from "./values";

/** What describes one site, in the order of the reference. */
export const siteSections = {
  site: siteSchema,
  app: appSchema,
  environment: environmentSchema,
  gunicorn: gunicornSchema.prefault({}),
  nginx: nginxSchema.prefault({}),
  tls: tlsSchema.default({ kind: "none" }),
  health: healthSchema.prefault({}),
};

/** Every key of the stack's configuration, in the order of the reference. */
export const stackSchema = section({
  machine: machineSchema.default({ kind: "container" }),
  ...siteSections,
  repair: oneLine.or(z.literal("")).optional(),
});

/** Empty, as Pulumi.yaml has it where a stack sets none, is no key. */
const file = (expected: string) =>
  z
    .string({ error: expected })
    .optional()
    .transform((text) => (text === "" ? undefined : text));
const privateKey = file("the text of a private key");

/** What describes one site, too, and no message ever holds. */
export const siteSecrets = {
  secretEnvironment: environmentSchema,
  deployKey: privateKey,
  gitToken: z
    .string({ error: "a token, or USER:TOKEN" })
    .regex(/^[\x21-\x7e]*$/, "a token, or USER:TOKEN, without spaces")
    .optional()
    .transform((token) => (token === "" ? undefined : token)),
  tlsCertificate: file("the text of a certificate with its chain"),
  tlsPrivateKey: privateKey,
};

/** Keys whose values must be encrypted; no message ever holds one. */
export const secretSchema = section({
  ...siteSecrets,
  sshPrivateKey: privateKey,
  bastionPrivateKey: privateKey,
});

export type StackSettings = z.output<typeof stackSchema>;
export type StackSecrets = z.output<typeof secretSchema>;
/** What describes one site, checked, with defaults. */
export type SiteSections = Pick<StackSettings, keyof typeof siteSections>;
