import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";

import { mailSchema } from "../../components/settings/schema/mail";
import { storageSchema } from "../../components/settings/schema/storage";
import { plainVariables, secretVariables } from "../../components/site/variables";

const nowhere = storageSchema.parse({});
const mail = (settings: object) =>
  mailSchema.parse({ host: "smtp.example.org", from: "a@b.org", ...settings });

/** A URL as Python's parser takes it apart, whose parts django-environ decodes in this way. */
function takenApart(url: string): unknown {
  const program = `
import json, sys
from urllib.parse import unquote_plus, urlparse
url = urlparse(sys.argv[1])
word = lambda text: text and unquote_plus(text)
print(json.dumps([url.scheme, word(url.username), word(url.password), url.hostname, url.port]))`;
  return JSON.parse(execFileSync("python3", ["-c", program, url], { encoding: "utf8" })) as unknown;
}

describe("the variables that follow from settings", () => {
  it("are none where nothing is set", () => {
    assert.deepEqual(plainVariables(mailSchema.parse({}), nowhere), {});
    assert.deepEqual(secretVariables(mailSchema.parse({}), {}), {});
  });

  it("tell Django how to send mail", () => {
    assert.deepEqual(plainVariables(mail({ user: "shop", from: "Shop <hello@b.org>" }), nowhere), {
      ...{ EMAIL_HOST: "smtp.example.org", EMAIL_PORT: "587", EMAIL_HOST_USER: "shop" },
      ...{ EMAIL_USE_TLS: "True", EMAIL_USE_SSL: "False" },
      EMAIL_URL: "smtp+tls://shop@smtp.example.org:587",
      ...{ DEFAULT_FROM_EMAIL: "Shop <hello@b.org>", SERVER_EMAIL: "Shop <hello@b.org>" },
    });
  });

  for (const [security, tls, ssl, url] of [
    ["starttls", "True", "False", "smtp+tls://smtp.example.org:587"],
    ["tls", "False", "True", "smtp+ssl://smtp.example.org:465"],
    ["none", "False", "False", "smtp://smtp.example.org:25"],
  ] as const) {
    it(`know the port and the scheme of mail with security ${security}`, () => {
      const { EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_URL, EMAIL_PORT } = plainVariables(
        mail({ security }),
        nowhere,
      );
      assert.deepEqual([EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_URL], [tls, ssl, url]);
      assert.equal(EMAIL_PORT, /\d+$/.exec(url)?.[0]);
    });
  }

  it("hold a port of one's own, and an IPv6 address as URLs write it", () => {
    const { EMAIL_HOST, EMAIL_URL } = plainVariables(mail({ host: "2001:db8::25", port: 2525 }), nowhere);
    assert.deepEqual([EMAIL_HOST, EMAIL_URL], ["2001:db8::25", "smtp+tls://[2001:db8::25]:2525"]);
  });

  it("bring a password byte for byte, in the URL as well", () => {
    const [user, mailPassword] = ["shop@example.org", `a:b@c/d?e#f[g]%41+ "'\\$HOME é日🦄!*()`];
    const { EMAIL_HOST_PASSWORD, EMAIL_URL = "" } = secretVariables(mail({ user }), { mailPassword });
    assert.equal(EMAIL_HOST_PASSWORD, mailPassword);
    assert.deepEqual(takenApart(EMAIL_URL), ["smtp+tls", user, mailPassword, "smtp.example.org", 587]);
  });

  it("keep passwords, and URLs that hold one, apart from what everybody may see", () => {
    const secrets = {
      secretKey: "k",
      mailPassword: "p",
      storageAccessKeyId: "i",
      storageSecretAccessKey: "s",
    };
    assert.deepEqual(secretVariables(mail({ user: "u" }), secrets), {
      ...{ SECRET_KEY: "k", DJANGO_SECRET_KEY: "k" },
      ...{ EMAIL_HOST_PASSWORD: "p", EMAIL_URL: "smtp+tls://u:p@smtp.example.org:587" },
      ...{ AWS_ACCESS_KEY_ID: "i", AWS_SECRET_ACCESS_KEY: "s" },
    });
  });

  it("tell django-storages where the files are, as far as that was said", () => {
    const bucket = { bucket: "chat-media", endpoint: "https://s3.example.org" };
    assert.deepEqual(plainVariables(mailSchema.parse({}), storageSchema.parse(bucket)), {
      AWS_STORAGE_BUCKET_NAME: "chat-media",
      AWS_S3_ENDPOINT_URL: "https://s3.example.org",
    });
    const more = { bucket: "med", region: "eu-central-1", customDomain: "media.example.org" };
    assert.deepEqual(plainVariables(mailSchema.parse({}), storageSchema.parse(more)), {
      AWS_STORAGE_BUCKET_NAME: "med",
      AWS_S3_REGION_NAME: "eu-central-1",
      AWS_S3_CUSTOM_DOMAIN: "media.example.org",
    });
  });
});
