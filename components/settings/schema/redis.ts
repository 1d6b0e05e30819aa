import { z } from "zod";

import { isRedisUrl, redisParts } from "../../render/services";
import { otherVariables, whereabouts } from "./database";
import { serviceUrl } from "./serviceUrl";
import { flag, fromText, integer, section } from "./values";

const policies = [
  ...["noeviction", "allkeys-lru", "allkeys-lfu", "allkeys-random"],
  ...["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"],
];
const memory = '"auto" or 16 to 1048576 MiB';

export const redisSchema = section({
  server: whereabouts.default("none"),
  memory: fromText(z.union([z.literal("auto"), integer(memory, 16, 1_048_576)], { error: memory })).default(
    "auto",
  ),
  eviction: z.enum(policies, { error: `one of ${policies.join(", ")}` }).default("noeviction"),
  variables: otherVariables(redisParts),
  deleteData: flag.default(false),
});

export const redisUrl = serviceUrl(
  "a URL such as redis://:PASSWORD@HOST:PORT/0 or rediss://…, with % codes for signs that URLs reserve",
  isRedisUrl,
);
