import { type Mistake, inFile, set } from "./mistake";

/** Of the database and Redis. */
export const servicesMistakes: Mistake[] = [
  [
    "a database in another place",
    { database: { server: "cloud" } },
    ["database.server", '"cloud"', "none, machine or url", set("database.server")],
  ],
  [
    "an extension that is no name",
    { database: { server: "machine", extensions: ['pg_trgm"; DROP'] } },
    [
      ...(["database.extensions[0]", '"pg_trgm\\"; DROP"'] as const),
      ...(["the name of an extension such as pg_trgm", set("'database.extensions[0]'")] as const),
    ],
  ],
  [
    "extensions of a database elsewhere",
    { database: { server: "url", extensions: ["pg_trgm", "hstore"] }, databaseUrl: "postgres://db.org/shop" },
    [
      ...(["database.extensions", "pg_trgm, hstore"] as const),
      "none, since database.server is url: only on a server on the machine can they be made",
      "pulumi config rm --path database.extensions, or: pulumi config set --path database.server machine",
    ],
  ],
  [
    "a database's URL beside one on the machine",
    { database: { server: "machine" }, databaseUrl: "postgres://db.org/shop" },
    [
      ...(["database.server", "machine", "url, since the secret databaseUrl is set"] as const),
      "pulumi config set --path database.server url, or: pulumi config rm databaseUrl",
    ],
  ],
  [
    "a database elsewhere without its URL",
    { database: { server: "url" } },
    [
      ...(["databaseUrl", "nothing", "a URL, since database.server is url"] as const),
      "pulumi config set --secret databaseUrl (then type the value)",
    ],
  ],
  [
    "a database's URL that is one of something else",
    { database: { server: "url" }, databaseUrl: "https://db.org/shop" },
    [
      ...(["databaseUrl", "[secret]"] as const),
      "a database's URL, such as postgresql://USER:PASSWORD@HOST:PORT/NAME, with % codes for signs that URLs reserve",
      inFile,
    ],
  ],
  [
    "a Redis' URL that nobody asked for",
    { redisUrl: "rediss://:word@cache.org:6380/0" },
    [
      ...(["redis.server", "none", "url, since the secret redisUrl is set"] as const),
      "pulumi config set --path redis.server url, or: pulumi config rm redisUrl",
    ],
  ],
  [
    "too little memory for Redis",
    { redis: { server: "machine", memory: 8 } },
    ["redis.memory", "8", '"auto" or 16 to 1048576 MiB', set("redis.memory")],
  ],
  [
    "an eviction that Redis does not know",
    { redis: { eviction: "lru" } },
    [
      ...(["redis.eviction", '"lru"'] as const),
      "one of noeviction, allkeys-lru, allkeys-lfu, allkeys-random, volatile-lru, volatile-lfu, volatile-random, volatile-ttl",
      set("redis.eviction"),
    ],
  ],
  [
    "a Redis elsewhere without its URL",
    { redis: { server: "url" } },
    [
      ...(["redisUrl", "nothing", "a URL, since redis.server is url"] as const),
      "pulumi config set --secret redisUrl (then type the value)",
    ],
  ],
];
