import type { Problem } from "../source";
import type { StackSecrets, StackSettings } from "./schema";

/** Those parts of a configuration that are right by themselves. */
type Parts = Partial<StackSettings & StackSecrets>;

/** Whether a secret is given, also one whose value another resource is yet to make. */
type Given = (key: keyof StackSecrets) => boolean;

/**
 * What one key alone cannot show: the mistakes between keys.
 * @param later secrets that are given, and whose values are not known yet
 */
export function acrossKeys(parts: Parts, later: readonly string[] = []): Problem[] {
  const given: Given = (key) => parts[key] !== undefined || later.includes(key);
  return rules.flatMap((rule) => rule(parts, given) ?? []);
}

const rules: readonly ((parts: Parts, given: Given) => Problem | undefined)[] = [
  variablesOnce,
  wayToLogIn,
  oneKeyAtMost,
  graceOutlastsRequests,
  processesAndTimersApart,
  twoUrlPaths,
  healthHostIsServed,
  credentialsOfSomething,
  somewhereToBackUpTo,
  backupsOutliveTheSite,
  storeOpens,
  databaseUrlGoesWithServer,
  redisUrlGoesWithServer,
  extensionsNeedOurServer,
  mailLogin,
  mailPasswordIsHidden,
  wholeAccessKey,
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

function processesAndTimersApart({ processes = {}, timers = {} }: Parts): Problem | undefined {
  const both = Object.keys(processes).filter((name) => Object.hasOwn(timers, name));
  if (both.length === 0) return undefined;
  return {
    ...{
      key: "timers",
      value: both.join(", "),
      expected: "other names than those of processes: they share logs",
    },
    fix: "Rename it, there or in processes.",
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

function credentialsOfSomething({
  network,
  proxyCredentials,
  pythonIndexCredentials,
}: Parts): Problem | undefined {
  if (!network) return undefined;
  const unused = [
    ...(proxyCredentials !== undefined && network.proxy === undefined ? ["proxy"] : []),
    ...(pythonIndexCredentials !== undefined && network.pythonIndex === undefined ? ["pythonIndex"] : []),
  ];
  const [key] = unused;
  if (key === undefined) return undefined;
  return {
    ...{ key: `${key}Credentials`, value: "[secret]", expected: `network.${key}, which it is for` },
    fix: `Set network.${key}, or: pulumi config rm ${key}Credentials`,
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
function storeOpens({ backup }: Parts, given: Given): Problem | undefined {
  if (backup?.s3 === undefined) return undefined;
  const needed = ["backupPassword", "backupAccessKeyId", "backupSecretAccessKey"] as const;
  const missing = needed.find((key) => !given(key));
  if (missing === undefined) return undefined;
  return {
    ...{ key: missing, value: "nothing", expected: `${needed.join(", ")}, beside backup.s3` },
    fix: `pulumi config set --secret ${missing} (then type the value)`,
  };
}

function databaseUrlGoesWithServer({ database }: Parts, given: Given): Problem | undefined {
  return urlGoesWithServer("database", database?.server, given("databaseUrl"));
}

function redisUrlGoesWithServer({ redis }: Parts, given: Given): Problem | undefined {
  return urlGoesWithServer("redis", redis?.server, given("redisUrl"));
}

function urlGoesWithServer(
  service: "database" | "redis",
  server: string | undefined,
  urlGiven: boolean,
): Problem | undefined {
  if (server === undefined || (server === "url") === urlGiven) return undefined;
  const secret = `${service}Url`;
  if (!urlGiven)
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

function mailLogin({ mail }: Parts, given: Given): Problem | undefined {
  if (!mail || (mail.user !== undefined) === given("mailPassword")) return undefined;
  return mail.user === undefined
    ? {
        ...{ key: "mail.user", value: "nothing", expected: "who logs in with the secret mailPassword" },
        fix: "pulumi config set --path mail.user VALUE",
      }
    : {
        ...{ key: "mailPassword", value: "nothing", expected: "the password of mail.user" },
        fix: "pulumi config set --secret mailPassword (then type the value)",
      };
}

function mailPasswordIsHidden({ mail }: Parts, given: Given): Problem | undefined {
  if (mail?.security !== "none" || !given("mailPassword")) return undefined;
  if (/^(localhost|127\..*|::1)$/.test(mail.host ?? "")) return undefined;
  return {
    ...{ key: "mail.security", value: '"none"' },
    expected: "starttls or tls, or the password would cross the network in clear",
    fix: "pulumi config set --path mail.security starttls",
  };
}

function wholeAccessKey({ storage }: Parts, given: Given): Problem | undefined {
  const [id, secret] = [given("storageAccessKeyId"), given("storageSecretAccessKey")];
  const key = id ? "storageSecretAccessKey" : "storageAccessKeyId";
  if (id !== secret)
    return {
      ...{ key, value: "nothing", expected: "storageAccessKeyId and storageSecretAccessKey together" },
      fix: `pulumi config set --secret ${key} (then type the value)`,
    };
  if (!id || !storage || storage.bucket !== undefined) return undefined;
  return {
    ...{ key: "storage.bucket", value: "nothing", expected: "the bucket that storageAccessKeyId opens" },
    fix: "pulumi config set --path storage.bucket VALUE",
  };
}
