import { z } from "zod";

import { domain, section, text } from "./values";

export const storageSchema = section({
  bucket: text(
    "the name of a bucket: 3 to 63 lower-case letters, digits, dots and dashes",
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  ).optional(),
  endpoint: text("a URL such as https://s3.example.org", /^https?:\/\/[^\s/?#@]+\/?$/).optional(),
  region: text("a region such as eu-central-1", /^[A-Za-z0-9-]+$/).optional(),
  customDomain: domain.optional(),
}).refine(
  ({ bucket, ...others }) =>
    bucket !== undefined || Object.values(others).every((value) => value === undefined),
  "bucket beside the other keys",
);

export type StorageSettings = z.output<typeof storageSchema>;
