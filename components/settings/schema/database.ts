import { z } from "zod";

import { databaseParts, isDatabaseUrl } from "../../render/services";
import { variableName } from "./environment";
import { serviceUrl } from "./serviceUrl";
import { flag, section, text } from "./values";

/** Where a service that the app needs is: nowhere, on the machine, or at a URL. */
export const whereabouts = z.enum(["none", "machine", "url"], { error: "none, machine or url" });

/** The app's own names for parts of a service's whereabouts. */
export function otherVariables<T extends string>(parts: Readonly<Record<T, string>>) {
  const names = Object.keys(parts) as T[];
  return z
    .record(variableName, z.enum(names, { error: `one of ${names.join(", ")}` }), {
      error: "an object of variables",
    })
    .default({});
}

export const databaseSchema = section({
  server: whereabouts.default("none"),
  extensions: z
    .array(text("the name of an extension such as pg_trgm", /^[a-z][a-z0-9_-]{0,62}$/), {
      error: "a list of extensions",
    })
    .default([]),
  variables: otherVariables(databaseParts),
  deleteData: flag.default(false),
});

export const databaseUrl = serviceUrl(
  "a database's URL, such as postgresql://USER:PASSWORD@HOST:PORT/NAME, with % codes for signs that URLs reserve",
  isDatabaseUrl,
);
