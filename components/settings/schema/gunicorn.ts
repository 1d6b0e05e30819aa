import { z } from "zod";

import { fromText, integer, seconds, section } from "./values";

export const gunicornSchema = section({
  instances: integer("1 to 16 instances", 1, 16).default(2),
  workers: fromText(
    z.union([z.literal("auto"), integer('"auto" or 1 to 64 workers', 1, 64)], {
      error: '"auto" or 1 to 64 workers',
    }),
  ).default("auto"),
  threads: integer("1 to 64 threads", 1, 64).default(4),
  timeout: seconds(1, 3600).default(30),
  gracefulTimeout: seconds(1, 600).default(30),
  maxRequests: integer("0 to 1000000 requests", 0, 1_000_000).default(0),
});
