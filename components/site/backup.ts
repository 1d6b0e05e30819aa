import type * as pulumi from "@pulumi/pulumi";

import type { RemoteStepArgs } from "../remote/remoteStep";
import { scripts } from "../remote/scripts";
import {
  type BackupScripts,
  isScheduled,
  renderBackupFacts,
  renderBackupService,
  renderBackupTimer,
} from "../render/backup";
import { renderEnvironment } from "../render/environment";
import { renderFiles } from "../render/facts";
import type { SiteArgs } from "./args";
import { rootOnly, siteFile } from "./steps";

const paths: BackupScripts = {
  backup: scripts.backup.path,
  databases: scripts.databases.path,
  exec: scripts["site-exec"].path,
};

/** The files of a site's backups, by name; without a schedule there is no timer. */
export function backupFiles({ name, backup, migrate }: SiteArgs): Record<string, string> {
  return {
    settings: renderBackupFacts(name, backup, paths, migrate),
    [`${name}-backup.service`]: renderBackupService(name, paths),
    ...(isScheduled(backup) && { [`${name}-backup.timer`]: renderBackupTimer(name, backup) }),
  };
}

export const backupStep = (site: string, files: Readonly<Record<string, string>>): RemoteStepArgs => ({
  script: "backup-schedule",
  args: [site],
  stdin: renderFiles(files),
});

/** The keys of the store and the password of the repository in it. */
export const backupSecretsStep = (
  site: string,
  secrets: pulumi.Output<Record<string, string>>,
): RemoteStepArgs => siteFile(site, "backup/secrets", secrets.apply(renderEnvironment), rootOnly);
