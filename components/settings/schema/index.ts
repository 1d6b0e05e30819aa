import { z } from "zod";

import { appSchema } from "./app";
import { backupSchema } from "./backup";
import { databaseSchema, databaseUrl } from "./database";
import { environmentSchema } from "./environment";
import { gunicornSchema } from "./gunicorn";
import { healthSchema } from "./health";
import { machineSchema } from "./machine";
import { mailSchema } from "./mail";
import { networkSchema, networkSecrets } from "./network";
import { nginxSchema } from "./nginx";
import { processesSchema, timersSchema } from "./processes";
import { redisSchema, redisUrl } from "./redis";
import { siteSchema } from "./site";
import { storageSchema } from "./storage";
import { superuserSchema } from "./superuser";
import { tlsSchema } from "./tls";
import { oneLine, section } from "./values";

/** What describes one site, in the order of the reference. */
export const siteSections = {
  site: siteSchema,
  app: appSchema,
  environment: environmentSchema,
  database: databaseSchema.prefault({}),
  redis: redisSchema.prefault({}),
  mail: mailSchema.prefault({}),
  storage: storageSchema.prefault({}),
  gunicorn: gunicornSchema.prefault({}),
  processes: processesSchema.default({}),
  timers: timersSchema.default({}),
  nginx: nginxSchema.prefault({}),
  tls: tlsSchema.default({ kind: "none" }),
  health: healthSchema.prefault({}),
  backup: backupSchema.prefault({}),
};

/** Every key of the stack's configuration, in the order of the reference. */
export const stackSchema = section({
  machine: machineSchema.default({ kind: "container" }),
  network: networkSchema.prefault({}),
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

/** A value of the app's; empty as above. */
const appValue = (what: string) =>
  z
    .string({ error: what })
    .refine((value) => !value.includes("\0"), `${what} without NUL characters`)
    .optional()
    .transform((value) => (value === "" ? undefined : value));

/** One line that is given, or empty, as Pulumi.yaml has it. */
const secretLine = (expected: string) =>
  z
    .string({ error: expected })
    .regex(/^[^\0\r\n]*$/, expected)
    .optional()
    .transform((line) => (line === "" ? undefined : line));

/** What describes one site, too, and no message ever holds. */
export const siteSecrets = {
  secretEnvironment: environmentSchema,
  databaseUrl,
  redisUrl,
  secretKey: appValue("a text that is Django's SECRET_KEY"),
  mailPassword: appValue("the password of mail.user"),
  storageAccessKeyId: appValue("the id of an access key"),
  storageSecretAccessKey: appValue("the secret of an access key"),
  superuser: superuserSchema,
  deployKey: privateKey,
  gitToken: z
    .string({ error: "a token, or USER:TOKEN" })
    .regex(/^[\x21-\x7e]*$/, "a token, or USER:TOKEN, without spaces")
    .optional()
    .transform((token) => (token === "" ? undefined : token)),
  tlsCertificate: file("the text of a certificate with its chain"),
  tlsPrivateKey: privateKey,
  backupPassword: secretLine("one line: the password of the repository in backup.s3"),
  backupAccessKeyId: secretLine("one line: the id of a key that may use the bucket of backup.s3"),
  backupSecretAccessKey: secretLine("one line: the secret of that key"),
};

/** Keys whose values must be encrypted; no message ever holds one. */
export const secretSchema = section({
  ...siteSecrets,
  sshPrivateKey: privateKey,
  bastionPrivateKey: privateKey,
  ...networkSecrets,
});

export type StackSettings = z.output<typeof stackSchema>;
export type StackSecrets = z.output<typeof secretSchema>;
/** What describes one site, checked, with defaults. */
export type SiteSections = Pick<StackSettings, keyof typeof siteSections>;
