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
export type { Entry, Operations, SiteOperations } from "./operations";
export type { Placed, PlacedFile } from "./placed/placed";
export type { BackupSettings, S3Settings } from "./render/backup";
export type { GunicornSettings } from "./render/gunicorn";
export type { NginxSettings } from "./render/nginx";
export { defineMachine, type MachineKeys, type MachineSettings } from "./settings/defineMachine";
export { defineSite, type SiteSettings } from "./settings/defineSite";
export type { HealthSettings, Site, SiteArgs } from "./site";
export type { KeptRelease } from "./site/release";
export type { DatabaseSettings, RedisSettings, Whereabouts } from "./site/services";
export type { Dependencies, DependencyKind, Source } from "./source";
