import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "../machine/machine";
import { type Placed, secretFile, summedFiles, textFile } from "../placed/placed";
import type { RemoteStepArgs } from "../remote/remoteStep";
import { renderRedis } from "../render/redis";
import {
  type DatabasePart,
  databaseParts,
  databaseVariables,
  otherNames,
  type RedisPart,
  redisParts,
  redisVariables,
} from "../render/services";
import type { SiteArgs } from "./args";

/** Where a service that the app needs is. */
export type Whereabouts = "none" | "machine" | "url";

/** The app's database. */
export interface DatabaseSettings {
  server: Whereabouts;
  /** PostgreSQL's, made by its superuser. */
  extensions: readonly string[];
  /** Further variables of the app's: NAME to the part of the whereabouts that it holds, such as `password`. */
  variables: Readonly<Record<string, DatabasePart>>;
  /** Drop it when the site no longer uses it, or is removed. */
  deleteData: boolean;
}

/** The app's Redis. */
export interface RedisSettings {
  server: Whereabouts;
  /** MiB, or "auto": from the machine's memory. */
  memory: number | "auto";
  /** What goes when the memory is full: Redis's maxmemory-policy. */
  eviction: string;
  /** Further variables of the app's: NAME to the part of the whereabouts that it holds, such as `url`. */
  variables: Readonly<Record<string, RedisPart>>;
  /** Delete its data when the site no longer uses it, or is removed. */
  deleteData: boolean;
}

/** The first word of a removal behind its script: a preview shows what becomes of data, and cuts long lines. */
export const dataFate = (deleteData: boolean): string => (deleteData ? "delete-data" : "keep-data");

const databaseStep = ({ name, database }: SiteArgs, machine: Machine): RemoteStepArgs => ({
  script: "database",
  args: [name, ...database.extensions],
  onDelete: { script: "database-remove", args: [dataFate(database.deleteData), name, machine.machineId] },
});

const redisStep = ({ name, redis }: SiteArgs, machine: Machine): RemoteStepArgs => ({
  script: "redis",
  args: [name, String(redis.memory)],
  stdin: renderRedis(name, redis.eviction),
  onDelete: { script: "redis-remove", args: [dataFate(redis.deleteData), name, machine.machineId] },
});

/** The steps of the services on the machine, each by the name of its file in /etc/django-server/SITE/services. */
export const serviceSteps = (args: SiteArgs, machine: Machine): Record<string, RemoteStepArgs> => ({
  ...(args.database.server === "machine" && { postgresql: databaseStep(args, machine) }),
  ...(args.redis.server === "machine" && { redis: redisStep(args, machine) }),
});

/** Those names. */
export const servicesOnMachine = ({ database, redis }: SiteArgs): string[] =>
  Object.entries({ postgresql: database, redis })
    .filter(([, { server }]) => server === "machine")
    .map(([service]) => service);

/** The app's own names for variables that the machine makes, each with the machine's. */
export const servicesRenamed = ({ database, redis }: SiteArgs): Record<string, string> => ({
  ...(database.server === "machine" && otherNames(database.variables, databaseParts)),
  ...(redis.server === "machine" && otherNames(redis.variables, redisParts)),
});

/** What is at a URL, by the app's own names as well. */
function withOtherNames(values: Readonly<Record<string, string>>, names: Readonly<Record<string, string>>) {
  const others = Object.entries(names).map(([name, variable]) => [name, values[variable] ?? ""]);
  return { ...values, ...Object.fromEntries(others) } as Record<string, string>;
}

/** The variables of the services elsewhere; what the site sets itself counts more. */
export function serviceVariables({
  database,
  redis,
  databaseUrl = "",
  redisUrl = "",
  environment,
}: SiteArgs): pulumi.Output<Record<string, string>> {
  return pulumi.all([pulumi.secret(databaseUrl), pulumi.secret(redisUrl)]).apply(([databaseAt, redisAt]) => {
    const all = {
      ...(database.server === "url" &&
        withOtherNames(databaseVariables(databaseAt), otherNames(database.variables, databaseParts))),
      ...(redis.server === "url" &&
        withOtherNames(redisVariables(redisAt), otherNames(redis.variables, redisParts))),
    };
    return Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(environment, name)));
  });
}

/** What restarts the app when a service is added or has other values: facts of the activation. */
export const serviceFingerprints = (said: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(said).map(([service, text]) => [service, text.split("\n", 1)[0] ?? ""]));

/** What the services' steps placed, by what each said: a fingerprint of the values, and the sums of other files. */
export const servicesPlaced = (args: SiteArgs, said: Readonly<Record<string, string>>): Placed[] =>
  Object.entries(said).flatMap(([service, text]) => servicePlaced(args, service, text));

function servicePlaced({ name, redis }: SiteArgs, service: string, said: string): Placed[] {
  const [fingerprint = ""] = said.split("\n", 1);
  const path = `/etc/django-server/${name}/services/${service}`;
  const values = secretFile(name, path, fingerprint, "0640", `root:${name}`);
  if (service === "postgresql") return [values];
  const file = `/etc/redis/redis-${name}`;
  return [
    values,
    textFile(`${file}.conf`, renderRedis(name, redis.eviction), "0640", "root:redis"),
    { kind: "file", path: `${file}-machine.conf`, mode: "0640", owner: "root:redis" },
    ...summedFiles(said),
    { kind: "package", name: "redis-server", state: "installed" },
    { kind: "service", name: `redis-server@${name}`, state: "active", boot: "enabled" },
  ];
}
