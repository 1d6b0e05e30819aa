import type * as pulumi from "@pulumi/pulumi";

import type { BackupSettings } from "../render/backup";
import type { GunicornSettings } from "../render/gunicorn";
import type { NginxSettings } from "../render/nginx";
import type { ProcessSettings } from "../render/processes";
import type { TimerSettings } from "../render/timers";
import type { AppInterface, Source } from "../source";
import type { TlsArgs } from "./https";
import type { KeptRelease } from "./release";
import type { DatabaseSettings, RedisSettings } from "./services";

/** How a release proves that it works, asked of every instance and then through nginx. */
export interface HealthSettings {
  path: string;
  /** The Host header, one of the site's domains. @default the first */
  host?: string | undefined;
  /** Lowest and highest good status, `200-399`. */
  status: string;
  /** Seconds an instance has to become healthy. */
  timeout: number;
}

/** A site that was checked and whose source was read: what `defineSite` returns. */
export interface SiteArgs {
  /** Name of the system user, the folders and the files; lower-case letters, digits and dashes. */
  name: string;
  /** Host names the site answers to, ASCII; the first is the one in its URL. */
  domains: readonly string[];
  /** Host names that are redirected to the first of `domains`. */
  redirects: readonly string[];
  /** What `readSource` found: the release to serve; or one that the machine keeps, to go back to. */
  source: Source | KeptRelease;
  /** What the source's release is served by, and whether nginx passes WebSockets on. */
  interface: AppInterface;
  /** Commands that build a release, run by bash in its project folder before it is checked. */
  build: readonly string[];
  /** Compile its translations, too. */
  compileMessages: boolean;
  /** Fixtures that are loaded before a release is switched to, each once for a database. */
  fixtures: readonly string[];
  /** The fields of a superuser who is made then, once for a database: `pulumi.secret({…})`. @default none */
  superuser?: pulumi.Input<Record<string, string>> | undefined;
  /** Folders of the project that outlive releases, relative to it. */
  persistent: readonly string[];
  /** Releases the machine keeps, the one that serves among them. */
  releases: number;
  /** The app's environment variables. */
  environment: Readonly<Record<string, string>>;
  /** Environment variables whose values are secrets: `pulumi.secret({…})`. */
  secretEnvironment: pulumi.Input<Record<string, string>>;
  database: DatabaseSettings;
  /** Where the database is, with `database.server` of `url`; a secret. */
  databaseUrl?: pulumi.Input<string>;
  redis: RedisSettings;
  /** Where the Redis is, with `redis.server` of `url`; a secret. */
  redisUrl?: pulumi.Input<string>;
  gunicorn: GunicornSettings;
  /** What runs beside gunicorn, by names. */
  processes: Readonly<Record<string, ProcessSettings>>;
  /** Scheduled commands, by names. */
  timers: Readonly<Record<string, TimerSettings>>;
  nginx: NginxSettings;
  tls: TlsArgs;
  health: HealthSettings;
  /** Run `manage.py migrate` before a release is switched to. */
  migrate: boolean;
  backup: BackupSettings;
  /** Of `backup.s3`: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and RESTIC_PASSWORD. */
  backupSecrets: pulumi.Input<Record<string, string>>;
  /** Delete all its data, its database's too, when the site is removed. */
  deleteData: boolean;
}
