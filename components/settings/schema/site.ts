import { z } from "zod";

import { domain, flag, integer, section, text } from "./values";

const reservedNames = ["django-server", "django-server-default", "root", "www-data", "default"];

export const siteSchema = section({
  name: text(
    "2 to 30 lower-case letters, digits and inner dashes, a letter first: it names files and a system user",
    /^(?=.{2,30}$)[a-z](-?[a-z0-9])+$/,
  )
    .refine((name) => !reservedNames.includes(name), "a name that is not the system's own")
    .default("wepynaire"),
  domains: z
    .array(domain, { error: "a list of domain names" })
    .min(1, "at least one domain name")
    .refine((names) => new Set(names).size === names.length, "each domain once"),
  migrate: flag.default(true),
  releases: integer("1 to 100 releases", 1, 100).default(5),
  deleteData: flag.default(false),
  packages: z
    .array(text("the name of a Debian package", /^[a-z0-9][a-z0-9+.-]+$/), {
      error: "a list of Debian packages",
    })
    .default([]),
});
