/**
 * Django sites online on a Linux machine, for Pulumi programs: nginx in front of gunicorn, kept alive by supervisor.
 *
 * @example
 * ```ts
 * import { defineSite, DjangoServer } from "django-server";
 *
 * export = async () => {
 *   const shop = await defineSite({ name: "shop", domains: ["shop.example.org"], app: { path: "../shop" } });
 *   const server = new DjangoServer("server", { machine: { kind: "container" }, sites: [shop] });
 *   return { url: server.sites[0]?.url, operations: server.operations };
 * };
 * ```
 *
 * @packageDocumentation
 */
export { DjangoServer, type DjangoServerArgs } from "./djangoServer";
export {
  type BastionArgs,
  type ContainerMachineArgs,
  type ContainerSystem,
  containerSystems,
  type Ec2MachineArgs,
  type Ec2System,
  ec2Systems,
  type MachineArgs,
  type SshMachineArgs,
  type ZoneArgs,
} from "./machine/args";
export type { NetworkArgs, WheelsArchive } from "./network";
export type { Entry, Operations, SiteOperations } from "./operations";
export type { Placed, PlacedFile } from "./placed/placed";
export type { BackupSettings, S3Settings } from "./render/backup";
export type { GunicornSettings } from "./render/gunicorn";
export type { NginxSettings } from "./render/nginx";
export type { ProcessSettings } from "./render/processes";
export type { DatabasePart, RedisPart } from "./render/services";
export type { TimerSettings } from "./render/timers";
export { defineMachine, type MachineKeys, type MachineSettings } from "./settings/defineMachine";
export { defineNetwork, type NetworkCredentials, type NetworkSettings } from "./settings/defineNetwork";
export { defineSite, type SiteSettings } from "./settings/defineSite";
export type { Site } from "./site";
export type { HealthSettings, SiteArgs } from "./site/args";
export type { TlsArgs } from "./site/https";
export type { KeptRelease } from "./site/release";
export type { DatabaseSettings, RedisSettings, Whereabouts } from "./site/services";
export type { AppInterface, Dependencies, DependencyKind, Source } from "./source";
