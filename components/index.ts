/**
 * Django sites online on a Linux machine, for Pulumi programs: nginx in front of gunicorn, kept alive by supervisor.
 *
 * @packageDocumentation
 */
export { DjangoServer, type DjangoServerArgs } from "./djangoServer";
export type {
  BastionArgs,
  ContainerMachineArgs,
  ContainerSystem,
  Ec2MachineArgs,
  Ec2System,
  MachineArgs,
  SshMachineArgs,
  ZoneArgs,
} from "./machine/args";
export type { Operations } from "./operations";
export { defineSite, type SiteSettings } from "./settings/defineSite";
export type { HealthSettings, Site, SiteArgs } from "./site";
