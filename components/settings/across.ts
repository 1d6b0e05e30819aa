import type { Problem } from "../source";
import type { StackSecrets, StackSettings } from "./schema";

/** Those parts of a configuration that are right by themselves. */
type Parts = Partial<StackSettings & StackSecrets>;

/** What one key alone cannot show: the mistakes between keys. */
export const acrossKeys = (parts: Parts): Problem[] => rules.flatMap((rule) => rule(parts) ?? []);

const rules: readonly ((parts: Parts) => Problem | undefined)[] = [
  variablesOnce,
  wayToLogIn,
  oneKeyAtMost,
  graceOutlastsRequests,
  twoUrlPaths,
  healthHostIsServed,
  somewhereToBackUpTo,
  backupsOutliveTheSite,
  storeOpens,
  databaseUrlGoesWithServer,
  redisUrlGoesWithServer,
  extensionsNeedOurServer,
];

function variablesOnce({ environment = {}, secretEnvironment = {} }: Parts): Problem | undefined {
  const twice = Object.keys(environment).filter((name) => Object.hasOwn(secretEnvironment, name));
  if (twice.length === 0) return undefined;
  return {
    ...{ key: "environment", value: twice.join(", "), expected: "each variable in one place" },
    fix: "Remove it from environment or from secretEnvironment.",
  };
}

function wayToLogIn({ machine, sshPrivateKey }: Parts): Problem | undefined {
  if (machine?.kind !== "ssh") return undefined;
  const given = [sshPrivateKey !== undefined, machine.privateKeyFile !== undefined, machine.agent === true];
  const count = given.filter(Boolean).length;
  if (count === 1) return undefined;
  return {
    ...{ key: "machine", value: count === 0 ? "no way to log in" : `${count} ways to log in` },
    expected: "exactly one of machine.agent, machine.privateKeyFile and the secret sshPrivateKey",
    fix: "For example: pulumi config set --path machine.privateKeyFile ~/.ssh/id_ed25519",
  };
}

function oneKeyAtMost({ machine, sshPrivateKey }: Parts): Problem | undefined {
  if (machine?.kind !== "ec2" || sshPrivateKey === undefined || machine.privateKeyFile === undefined)
    return undefined;
  return {
    ...{ key: "machine", value: "2 ways to log in" },
    expected: "at most one of machine.privateKeyFile and the secret sshPrivateKey",
    fix: "Remove one: pulumi config rm --path machine.privateKeyFile",
  };
}

function graceOutlastsRequests({ gunicorn }: Parts): Problem | undefined {
  if (!gunicorn || gunicorn.gracefulTimeout >= gunicorn.timeout) return undefined;
  return {
    ...{ key: "gunicorn.gracefulTimeout", value: String(gunicorn.gracefulTimeout) },
    expected: `at least gunicorn.timeout (${gunicorn.timeout}), or a restart cuts slow requests off`,
    fix: `pulumi config set --path gunicorn.gracefulTimeout ${gunicorn.timeout}`,
  };
}

function twoUrlPaths({ nginx }: Parts): Problem | undefined {
  if (!nginx || nginx.staticUrl !== nginx.mediaUrl) return undefined;
  return {
    ...{ key: "nginx.mediaUrl", value: nginx.mediaUrl, expected: "another path than nginx.staticUrl" },
    fix: "Set both to the app's own STATIC_URL and MEDIA_URL.",
  };
}

function healthHostIsServed({ site, health }: Parts): Problem | undefined {
  if (!site || health?.host === undefined || site.domains.includes(health.host)) return undefined;
  return {
    ...{ key: "health.host", value: health.host, expected: "one of site.domains, which nginx serves" },
    fix: "Add it to site.domains, or leave it out: then it is the first of them.",
  };
}

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
function storeOpens(parts: Parts): Problem | undefined {
  if (parts.backup?.s3 === undefined) return undefined;
  const needed = ["backupPassword", "backupAccessKeyId", "backupSecretAccessKey"] as const;
  const missing = needed.find((key) => parts[key] === undefined);
  if (missing === undefined) return undefined;
  return {
    ...{ key: missing, value: "nothing", expected: `${needed.join(", ")}, beside backup.s3` },
    fix: `pulumi config set --secret ${missing} (then type the value)`,
  };
}

function databaseUrlGoesWithServer({ database, databaseUrl }: Parts): Problem | undefined {
  return urlGoesWithServer("database", database?.server, databaseUrl);
}

function redisUrlGoesWithServer({ redis, redisUrl }: Parts): Problem | undefined {
  return urlGoesWithServer("redis", redis?.server, redisUrl);
}

function urlGoesWithServer(
  service: "database" | "redis",
  server: string | undefined,
  url: string | undefined,
): Problem | undefined {
  if (server === undefined || (server === "url") === (url !== undefined)) return undefined;
  const secret = `${service}Url`;
  if (url === undefined)
    return {
      ...{ key: secret, value: "nothing", expected: `a URL, since ${service}.server is url` },
      fix: `pulumi config set --secret ${secret} (then type the value)`,
    };
  return {
    ...{ key: `${service}.server`, value: server, expected: `url, since the secret ${secret} is set` },
    fix: `pulumi config set --path ${service}.server url, or: pulumi config rm ${secret}`,
  };
}

function extensionsNeedOurServer({ database }: Parts): Problem | undefined {
  if (!database || database.server === "machine" || database.extensions.length === 0) return undefined;
  return {
    ...{ key: "database.extensions", value: database.extensions.join(", ") },
    expected: `none, since database.server is ${database.server}: only on a server on the machine can they be made`,
    fix: "pulumi config rm --path database.extensions, or: pulumi config set --path database.server machine",
  };
}
