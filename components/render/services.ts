/** A part of a database's whereabouts. */
export type DatabasePart = "url" | "host" | "port" | "name" | "user" | "password";
/** A part of a Redis's whereabouts. */
export type RedisPart = "url" | "host" | "port" | "password";

/** The variables that hold a service's parts. */
export const databaseParts: Readonly<Record<DatabasePart, string>> = {
  url: "DATABASE_URL",
  host: "POSTGRES_HOST",
  port: "POSTGRES_PORT",
  name: "POSTGRES_DB",
  user: "POSTGRES_USER",
  password: "POSTGRES_PASSWORD",
};
export const redisParts: Readonly<Record<RedisPart, string>> = {
  url: "REDIS_URL",
  host: "REDIS_HOST",
  port: "REDIS_PORT",
  password: "REDIS_PASSWORD",
};

/** Further names for variables, by the parts that they are to hold. */
export const otherNames = (
  wanted: Readonly<Record<string, string>>,
  parts: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(Object.entries(wanted).map(([name, part]) => [name, parts[part] ?? ""]));

/** What Django packages call PostgreSQL in URLs: psycopg, dj-database-url and django-environ. */
const postgresql = ["postgresql", "postgres", "pgsql", "psql", "postgis"];

/** Other databases that dj-database-url or django-environ know. */
const others = [
  ...["cockroach", "cockroachdb", "redshift", "timescale", "timescalegis"],
  ...["mysql", "mysql2", "mysqlgis", "mysql-connector", "mssql", "mssqlms", "oracle", "oraclegis"],
];

/** A URL in its parts, as texts that are no URL any more; undefined when it is none, or names no host. */
function parsed(text: string) {
  try {
    const { protocol, hostname, port, pathname, username, password, searchParams } = new URL(text);
    if (hostname === "") return undefined;
    const [user, word, name] = [username, password, pathname.slice(1)].map(decodeURIComponent);
    const host = hostname.replace(/^\[(.*)\]$/, "$1");
    return { scheme: protocol.slice(0, -1), host, port, user, password: word, name, searchParams };
  } catch {
    return undefined;
  }
}

export function isDatabaseUrl(url: string): boolean {
  const scheme = parsed(url)?.scheme ?? "";
  return postgresql.includes(scheme) || others.includes(scheme);
}

export const isRedisUrl = (url: string): boolean => ["redis", "rediss"].includes(parsed(url)?.scheme ?? "");

/**
 * The variables of a database elsewhere: the URL itself, and for PostgreSQL its parts, for Django settings that read
 * them one by one and for libpq's own programs.
 * @throws without its text, when it is no URL of a database
 */
export function databaseVariables(url: string): Record<string, string> {
  const parts = parsed(url);
  if (!parts || !isDatabaseUrl(url)) throw new Error("databaseUrl is not the URL of a database");
  if (!postgresql.includes(parts.scheme)) return { DATABASE_URL: url };
  const { host, user = "", password = "", name = "", searchParams } = parts;
  const port = parts.port || "5432";
  const sslMode = searchParams.get("sslmode");
  return {
    DATABASE_URL: url,
    ...{ POSTGRES_HOST: host, POSTGRES_PORT: port, POSTGRES_DB: name, POSTGRES_USER: user },
    ...{ PGHOST: host, PGPORT: port, PGDATABASE: name, PGUSER: user },
    ...{ POSTGRES_PASSWORD: password, PGPASSWORD: password },
    ...(sslMode !== null && { PGSSLMODE: sslMode }),
  };
}

/**
 * The variables of a Redis elsewhere, which is used as it is named: with one database for all purposes.
 * @throws without its text, when it is no URL of a Redis
 */
export function redisVariables(url: string): Record<string, string> {
  const parts = parsed(url);
  if (!parts || !isRedisUrl(url)) throw new Error("redisUrl is not the URL of a Redis");
  return {
    ...{ REDIS_URL: url, CACHE_URL: url, CELERY_BROKER_URL: url },
    ...{ REDIS_HOST: parts.host, REDIS_PORT: parts.port || "6379", REDIS_PASSWORD: parts.password ?? "" },
  };
}
