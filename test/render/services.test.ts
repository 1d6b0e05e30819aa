import { strict as assert } from "node:assert";

import { renderRedis } from "../../components/render/redis";
import {
  databaseVariables,
  isDatabaseUrl,
  isRedisUrl,
  redisVariables,
} from "../../components/render/services";
import { assertGolden } from "../support/golden";

describe("the variables of a database elsewhere", () => {
  it("are its URL and PostgreSQL's parts of it, decoded", () => {
    const url = "postgresql://sh%40p:a%2Fb%20c@db.example.org:6432/my-shop?sslmode=require";
    assert.deepEqual(databaseVariables(url), {
      DATABASE_URL: url,
      ...{ POSTGRES_HOST: "db.example.org", POSTGRES_PORT: "6432", POSTGRES_DB: "my-shop" },
      ...{ POSTGRES_USER: "sh@p", POSTGRES_PASSWORD: "a/b c" },
      ...{
        PGHOST: "db.example.org",
        PGPORT: "6432",
        PGDATABASE: "my-shop",
        PGUSER: "sh@p",
        PGPASSWORD: "a/b c",
      },
      PGSSLMODE: "require",
    });
  });

  it("name PostgreSQL's port where the URL does not, and an IPv6 address without brackets", () => {
    const { PGHOST, PGPORT, ...others } = databaseVariables("postgres://[fd00::1]/shop");
    assert.deepEqual([PGHOST, PGPORT], ["fd00::1", "5432"]);
    assert.ok(!("PGSSLMODE" in others));
  });

  it("are the URL alone for another kind of database", () => {
    const url = "mysql://shop:word@db.example.org/shop";
    assert.deepEqual(databaseVariables(url), { DATABASE_URL: url });
  });

  it("do not tell a password in what is wrong with a URL", () => {
    assert.throws(() => databaseVariables("shop:-hush-@db"), {
      message: "databaseUrl is not the URL of a database",
    });
    assert.throws(() => redisVariables("redis://:-hush-%@r"), {
      message: "redisUrl is not the URL of a Redis",
    });
  });

  for (const url of [
    "",
    "db.example.org",
    "postgres:///shop",
    "https://db.org/",
    "postgres://u:%zz@h/d",
    "sqlite:///x",
  ])
    it(`are not had from ${url === "" ? "nothing" : url}`, () => {
      assert.equal(isDatabaseUrl(url), false);
    });
});

describe("the variables of a Redis elsewhere", () => {
  it("are its URL for every purpose, and its parts", () => {
    const url = "rediss://default:a%2Fb@cache.example.org/3";
    assert.deepEqual(redisVariables(url), {
      ...{ REDIS_URL: url, CACHE_URL: url, CELERY_BROKER_URL: url },
      ...{ REDIS_HOST: "cache.example.org", REDIS_PORT: "6379", REDIS_PASSWORD: "a/b" },
    });
  });

  it("are not had from another service's URL", () => {
    assert.equal(isRedisUrl("amqp://cache.example.org"), false);
  });
});

describe("the settings of a site's Redis", () => {
  it("redis-defaults.conf", () => {
    assertGolden("redis-defaults.conf", renderRedis("my-shop", "noeviction"));
  });
});
