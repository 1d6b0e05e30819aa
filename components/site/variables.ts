import { defined } from "../settings/defined";
import type { MailSettings } from "../settings/schema/mail";
import type { StorageSettings } from "../settings/schema/storage";

type Values = Readonly<Record<string, string>>;

/** Mail as one URL knows its security by the scheme that django-environ has for it. */
const mailServers = {
  starttls: { scheme: "smtp+tls", port: 587 },
  tls: { scheme: "smtp+ssl", port: 465 },
  none: { scheme: "smtp", port: 25 },
} as const;

/**
 * The variables that follow from settings, under the names that Django has for its own settings, and django-environ and
 * django-storages for theirs.
 */
export function plainVariables(mail: MailSettings, storage: StorageSettings): Values {
  const { security, from } = mail;
  return defined({
    ...(mail.host !== undefined && {
      EMAIL_HOST: mail.host,
      EMAIL_PORT: String(portOf(mail)),
      EMAIL_HOST_USER: mail.user,
      EMAIL_USE_TLS: pythonFlag(security === "starttls"),
      EMAIL_USE_SSL: pythonFlag(security === "tls"),
      EMAIL_URL: mailUrl(mail, mail.host),
      DEFAULT_FROM_EMAIL: from,
      SERVER_EMAIL: from,
    }),
    AWS_STORAGE_BUCKET_NAME: storage.bucket,
    AWS_S3_ENDPOINT_URL: storage.endpoint,
    AWS_S3_REGION_NAME: storage.region,
    AWS_S3_CUSTOM_DOMAIN: storage.customDomain,
  });
}

/** What a site is given to keep to itself; see `SiteSecrets`. */
export interface AppSecrets {
  secretKey?: string | undefined;
  mailPassword?: string | undefined;
  storageAccessKeyId?: string | undefined;
  storageSecretAccessKey?: string | undefined;
}

/** The variables that hold secrets; they win over plain ones of the same name. */
export function secretVariables(mail: MailSettings, secrets: AppSecrets): Values {
  const { secretKey, mailPassword } = secrets;
  return defined({
    SECRET_KEY: secretKey,
    DJANGO_SECRET_KEY: secretKey,
    ...(mail.host !== undefined &&
      mailPassword !== undefined && {
        EMAIL_HOST_PASSWORD: mailPassword,
        EMAIL_URL: mailUrl(mail, mail.host, mailPassword),
      }),
    AWS_ACCESS_KEY_ID: secrets.storageAccessKeyId,
    AWS_SECRET_ACCESS_KEY: secrets.storageSecretAccessKey,
  });
}

const portOf = ({ port, security }: MailSettings): number => port ?? mailServers[security].port;

function mailUrl(mail: MailSettings, host: string, password?: string): string {
  const words = [mail.user, password].filter((word) => word !== undefined).map(encodeURIComponent);
  const login = words.length > 0 ? `${words.join(":")}@` : "";
  const address = host.includes(":") ? `[${host}]` : host;
  return `${mailServers[mail.security].scheme}://${login}${address}:${portOf(mail)}`;
}

const pythonFlag = (flag: boolean): string => (flag ? "True" : "False");
