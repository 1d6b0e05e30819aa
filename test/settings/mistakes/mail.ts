import { type Mistake, inFile, mailing, set } from "./mistake";

/** Of mail, storage and the superuser. */
export const mailMistakes: Mistake[] = [
  [
    "mail without a server",
    { mail: { user: "shop" } },
    ["mail", '{"user":"shop"}', "host and from together, or none of the keys", inFile],
  ],
  [
    "mail of nobody",
    { mail: { host: "smtp.example.org" } },
    ["mail", '{"host":"smtp.example.org"}', "host and from together, or none of the keys", inFile],
  ],
  [
    "a sender who is no address",
    mailing({ from: "Shop" }),
    [
      "mail.from",
      '"Shop"',
      "an address such as hello@example.org or Shop <hello@example.org>",
      set("mail.from"),
    ],
  ],
  [
    "mail with another security",
    mailing({ security: "ssl" }),
    ["mail.security", '"ssl"', "starttls, tls or none", set("mail.security")],
  ],
  [
    "a password of the mail server without a user",
    { ...mailing({}), mailPassword: "-hush-" },
    ["mail.user", "nothing", "who logs in with the secret mailPassword", set("mail.user")],
  ],
  [
    "a password of the mail server in clear",
    { ...mailing({ user: "shop", security: "none" }), mailPassword: "-hush-" },
    [
      "mail.security",
      '"none"',
      "starttls or tls, or the password would cross the network in clear",
      "pulumi config set --path mail.security starttls",
    ],
  ],
  [
    "a user of the mail server without a password",
    mailing({ user: "shop" }),
    [
      "mailPassword",
      "nothing",
      "the password of mail.user",
      "pulumi config set --secret mailPassword (then type the value)",
    ],
  ],
  [
    "a region of no bucket",
    { storage: { region: "eu-central-1" } },
    ["storage", '{"region":"eu-central-1"}', "bucket beside the other keys", inFile],
  ],
  [
    "an access key of no bucket",
    { storageAccessKeyId: "-hush-", storageSecretAccessKey: "-hush-" },
    ["storage.bucket", "nothing", "the bucket that storageAccessKeyId opens", set("storage.bucket")],
  ],
  [
    "half an access key",
    { storage: { bucket: "media" }, storageAccessKeyId: "-hush-" },
    [
      "storageSecretAccessKey",
      "nothing",
      "storageAccessKeyId and storageSecretAccessKey together",
      "pulumi config set --secret storageSecretAccessKey (then type the value)",
    ],
  ],
  [
    "a superuser without a password",
    { superuser: { username: "-hush-" } },
    ["superuser", "[secret]", "a password among the fields", inFile],
  ],
  [
    "a superuser with an empty password",
    { superuser: { username: "-hush-", password: "" } },
    [
      "superuser.password",
      "[secret]",
      "a text that is not empty",
      "pulumi config set --secret --path superuser.password (then type the value)",
    ],
  ],
];
