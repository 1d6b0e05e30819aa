import { z } from "zod";

import { flag, integer, network, seconds, section, text, urlPath } from "./values";

export const nginxSchema = section({
  requestsPerSecond: integer("0 (no limit) to 100000", 0, 100_000).default(30),
  requestBurst: integer("0 to 100000", 0, 100_000).default(120),
  connections: integer("0 (no limit) to 100000", 0, 100_000).default(60),
  bodySize: integer("1 to 10240 MiB", 1, 10_240).default(20),
  clientTimeout: seconds(1, 3600).default(15),
  allowFrom: z.array(network, { error: "a list of networks" }).default([]),
  securityHeaders: z
    .record(
      text("a header name", /^[A-Za-z][A-Za-z0-9-]*$/),
      text('one line without " $ and backslash', /^[^"$\\\0\r\n]+$/),
      { error: "an object of headers" },
    )
    .default({
      "X-Content-Type-Options": "nosniff",
      "X-Frame-Options": "SAMEORIGIN",
      "Referrer-Policy": "strict-origin-when-cross-origin",
    }),
  staticUrl: urlPath.default("/static/"),
  mediaUrl: urlPath.default("/media/"),
  staticMaxAge: seconds(0, 31_536_000).default(3600),
  gzip: flag.default(true),
  snippet: z
    .string({ error: "nginx directives" })
    .refine((directives) => !directives.includes("\0"), "nginx directives without NUL characters")
    .default(""),
  refuseUnknownHosts: flag.default(true),
});
