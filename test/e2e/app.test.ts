import { strict as assert } from "node:assert";
import { join } from "node:path";

import { Stack } from "../support/stack";
import { root, SubfolderSite } from "../support/subfolderSite";

/** What breaks out of quotes, of a URL, of a line. */
const hostile = `it's "a:b"@c/d?e#f %41%(x)s $HOME \`id\` \\n é日🦄`;

/** What the site's page tells. */
interface Page {
  stage: string;
  key: string;
  hello: string;
  groups: string[];
  environment: Record<string, string>;
}

describe("an app in a subfolder of a git repository", () => {
  const stack = new Stack();
  const folder = join(stack.folder, "repository");
  let repository: SubfolderSite;

  const secrets = {
    secretKey: `key-${hostile}`,
    mailPassword: `mail-${hostile}\nof two lines`,
    storageAccessKeyId: "-access-key-id-",
    storageSecretAccessKey: `storage-${hostile}`,
    superuser: { username: "ada", email: "ada@example.org", password: `ada-${hostile}` },
  };
  const app = { git: `file://${folder}`, root, compileMessages: true, fixtures: ["groups"] };
  const settings = {
    site: { name: "mysite", domains: ["localhost"] },
    app: { ...app, settingsModule: "mysite.settings.production" },
    mail: { host: "smtp.example.org", user: "me@example.org", from: "Me <me@example.org>", security: "tls" },
    storage: { bucket: "mysite-media", endpoint: "https://s3.example.org", region: "eu-central-1" },
  };

  before(async () => {
    await stack.init();
    repository = new SubfolderSite(folder);
  });
  after(() => stack.close());

  const page = async (): Promise<Page> => JSON.parse((await stack.http("/")).text) as Page;
  const python = async (code: string): Promise<string> =>
    (await stack.verb("manage", ["shell", "--verbosity", "0"], code)).stdout.trim();
  const login = (password: string) =>
    python(`from django.contrib.auth import authenticate
print(authenticate(username="ada", password=${JSON.stringify(password)}))`);

  it("is refused while none of its settings modules is chosen, each of which is named", async () => {
    await stack.configure({ ...settings, app }, secrets);
    assert.match(
      await stack.failedUp(),
      /app\.settingsModule: mysite\.settings .*\n.*mysite\.settings\.base, mysite\.settings\.production and mysite\.settings\.staging/,
    );
  });

  it("is online with the one that was chosen, its translations compiled anew", async () => {
    await stack.configure(settings, secrets);
    await stack.up();
    const { stage, hello, environment } = await page();
    assert.deepEqual([stage, hello], ["production", "Bonjour"]);
    assert.equal(environment["DJANGO_SETTINGS_MODULE"], "mysite.settings.production");
  });

  it("has its mail, its bucket and its key byte for byte", async () => {
    const { key, environment } = await page();
    assert.equal(key, secrets.secretKey);
    const encoded = encodeURIComponent(secrets.mailPassword);
    const expected = {
      ...{ SECRET_KEY: secrets.secretKey, DJANGO_SECRET_KEY: secrets.secretKey },
      ...{ EMAIL_HOST: "smtp.example.org", EMAIL_PORT: "465", EMAIL_HOST_USER: "me@example.org" },
      ...{ EMAIL_HOST_PASSWORD: secrets.mailPassword, EMAIL_USE_TLS: "False", EMAIL_USE_SSL: "True" },
      EMAIL_URL: `smtp+ssl://me%40example.org:${encoded}@smtp.example.org:465`,
      ...{ DEFAULT_FROM_EMAIL: "Me <me@example.org>", SERVER_EMAIL: "Me <me@example.org>" },
      ...{ AWS_STORAGE_BUCKET_NAME: "mysite-media", AWS_S3_ENDPOINT_URL: "https://s3.example.org" },
      AWS_S3_REGION_NAME: "eu-central-1",
      ...{ AWS_ACCESS_KEY_ID: "-access-key-id-", AWS_SECRET_ACCESS_KEY: secrets.storageSecretAccessKey },
    };
    const told = Object.keys(expected).map((name) => [name, environment[name]]);
    assert.deepEqual(Object.fromEntries(told), expected);
  });

  it("has its fixture, and a superuser who can log in, whose password the app does not know", async () => {
    const { groups, environment } = await page();
    assert.deepEqual(groups, ["gardeners"]);
    assert.equal(await login(secrets.superuser.password), "ada");
    assert.deepEqual(
      Object.keys(environment).filter((name) => name.startsWith("DJANGO_SUPERUSER")),
      [],
    );
    const file = "/etc/django-server/mysite/next/superuser";
    assert.equal(await stack.ssh(`sudo stat -c '%a %U:%G' ${file}`), "600 root:root");
    const { code, text } = await stack.verb("status");
    assert.equal(code, 0, text);
  });

  it("gets no release whose fixture is broken, and is told why; nothing is switched", async () => {
    const release = stack.output("release");
    repository.write(
      `${root}/mysite/fixtures/more.json`,
      '[{"model": "auth.group", "fields": {"name": 1}},]\n',
    );
    repository.write(
      `${root}/mysite/settings/staging.py`,
      `${repository.read(`${root}/mysite/settings/production.py`)}STAGE = "next"\n`,
    );
    repository.commit();
    await stack.configure(
      {
        ...settings,
        app: { ...app, settingsModule: "mysite.settings.staging", fixtures: ["groups", "more"] },
      },
      secrets,
    );
    const said = await stack.failedUp();
    assert.match(said, /Problem installing fixture '.*more\.json'/);
    assert.match(
      said,
      /activate: a fixture or the superuser failed: nothing was switched, the next run tries again/,
    );
    assert.equal(await stack.ssh("readlink /srv/mysite/current"), `releases/${release}`);
    assert.equal((await page()).stage, "production");
  });

  it("brings what is new once the cause is mended, and nothing a second time", async () => {
    await python(`from django.contrib.auth.models import Group, User
ada = User.objects.get()
ada.set_password("changed by ada")
ada.save()
Group.objects.all().delete()`);
    repository.write(
      `${root}/mysite/fixtures/more.json`,
      '[{"model": "auth.group", "fields": {"name": "cooks"}}]\n',
    );
    repository.commit();
    await stack.up();
    const { stage, groups } = await page();
    assert.deepEqual([stage, groups], ["next", ["cooks"]]);
    assert.equal(await login("changed by ada"), "ada");
    assert.equal(await login(secrets.superuser.password), "None");
  });

  it("has variables of one's own in place of those that follow from settings, plain or secret", async () => {
    const { superuser, ...others } = secrets;
    assert.equal(superuser.username, "ada");
    await stack.configure(
      {
        ...settings,
        app: { ...app, settingsModule: "mysite.settings.staging", fixtures: ["groups", "more"] },
        environment: { EMAIL_URL: "smtp://mine.example.org", EMAIL_PORT: "2525" },
      },
      { ...others, secretEnvironment: { SECRET_KEY: "a-key-of-my-own", EMAIL_HOST: "mine.example.org" } },
    );
    await stack.up();
    const { key, environment } = await page();
    assert.equal(key, "a-key-of-my-own");
    const { EMAIL_URL, EMAIL_PORT, EMAIL_HOST, DJANGO_SECRET_KEY } = environment;
    assert.deepEqual(
      [EMAIL_URL, EMAIL_PORT, EMAIL_HOST],
      ["smtp://mine.example.org", "2525", "mine.example.org"],
    );
    assert.equal(DJANGO_SECRET_KEY, secrets.secretKey);
  });

  it("keeps the superuser who was made, and no file of theirs, when the setting is taken away", async () => {
    assert.equal(await login("changed by ada"), "ada");
    assert.equal(await stack.ssh("sudo ls /etc/django-server/mysite/next | grep superuser || true"), "");
  });

  it("has shown none of its secrets, in no run and in no state", () => {
    const { superuser, ...others } = secrets;
    for (const secret of [...Object.values(others), superuser.password, superuser.email]) {
      for (const shown of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
        assert.ok(!stack.transcript.includes(shown), "a secret was shown");
        assert.ok(!stack.state().includes(shown), "a secret is in the state");
      }
    }
  });
});
