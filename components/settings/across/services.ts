import type { Problem } from "../../source";
import type { Given, Parts, Rule } from "./rule";

export const serviceRules: readonly Rule[] = [
  databaseUrlGoesWithServer,
  redisUrlGoesWithServer,
  extensionsNeedOurServer,
  mailLogin,
  mailPasswordIsHidden,
  wholeAccessKey,
];

function databaseUrlGoesWithServer({ database }: Parts, given: Given): Problem | undefined {
  return urlGoesWithServer("database", database?.server, given("databaseUrl"));
}

function redisUrlGoesWithServer({ redis }: Parts, given: Given): Problem | undefined {
  return urlGoesWithServer("redis", redis?.server, given("redisUrl"));
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
