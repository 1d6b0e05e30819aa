import { z } from "zod";

import { isDatabaseUrl } from "../../render/services";
import { flag, section, text } from "./values";
import { serviceUrl } from "./serviceUrl";

/** Where a service that the app needs is: nowhere, on the machine, or at a URL. */
export const whereabouts = z.enum(["none", "machine", "url"], { error: "none, machine or url" });

export const databaseSchema = section({
  server: whereabouts.default("none"),
  extensions: z
    .array(text("the name of an extension such as pg_trgm", /^[a-z][a-z0-9_-]{0,62}$/), {
      error: "a list of extensions",
    })
    .default([]),
  deleteData: flag.default(false),
});

export const databaseUrl = serviceUrl(
  "a database's URL, such as postgresql://USER:PASSWORD@HOST:PORT/NAME, with % codes for signs that URLs reserve",
  isDatabaseUrl,
);
