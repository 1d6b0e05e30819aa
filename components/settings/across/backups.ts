import type { Problem } from "../../source";
import type { Given, Parts, Rule } from "./rule";

export const backupRules: readonly Rule[] = [somewhereToBackUpTo, backupsOutliveTheSite, storeOpens];

function somewhereToBackUpTo({ backup }: Parts): Problem | undefined {
  if (backup?.folder !== "none" || backup.s3 !== undefined || backup.schedule === "none") return undefined;
  return {
    ...{ key: "backup.folder", value: "none", expected: "a folder, or backup.s3: somewhere to back up to" },
    fix: "Without any backups: pulumi config set --path backup.schedule none",
  };
}

function backupsOutliveTheSite({ backup, site }: Parts): Problem | undefined {
  const home = `/srv/${site?.name}`;
  if (!site || !`${backup?.folder ?? ""}/`.startsWith(`${home}/`)) return undefined;
  return {
    ...{ key: "backup.folder", value: backup?.folder ?? "", expected: `a folder outside ${home}` },
    fix: "Leave it out: then it is a folder of the site's own in /var/backups/django-server.",
  };
}

/** Another machine has to be able to read what this one wrote. */
function storeOpens({ backup }: Parts, given: Given): Problem[] {
  if (backup?.s3 === undefined) return [];
  const needed = ["backupPassword", "backupAccessKeyId", "backupSecretAccessKey"] as const;
  return needed
    .filter((key) => !given(key))
    .map((key) => ({
      ...{ key, value: "nothing", expected: `${needed.join(", ")}, beside backup.s3` },
      fix: `pulumi config set --secret ${key} (then type the value)`,
    }));
}
