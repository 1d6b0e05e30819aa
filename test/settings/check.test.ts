import { strict as assert } from "node:assert";

import { checkConfig, type RawConfig } from "../../components/settings/check";
import { secretSchema } from "../../components/settings/schema";
import { appMistakes } from "./mistakes/app";
import { machineMistakes } from "./mistakes/machine";
import { mailMistakes } from "./mistakes/mail";
import { container, domain, mailing, ssh } from "./mistakes/mistake";
import { networkMistakes } from "./mistakes/network";
import { servicesMistakes } from "./mistakes/services";
import { siteMistakes } from "./mistakes/site";
import { webMistakes } from "./mistakes/web";

const right: RawConfig = { site: { domains: ["example.org"] }, app: { path: "." } };
const secret = (key: string): boolean => Object.hasOwn(secretSchema.shape, key);
const check = (config: RawConfig, encrypted = (key: string) => secret(key) && key in config) =>
  checkConfig({ ...right, ...config }, encrypted);

const mistakes = [
  ...[...machineMistakes, ...siteMistakes, ...appMistakes, ...webMistakes],
  ...[...servicesMistakes, ...mailMistakes, ...networkMistakes],
];

describe("the check of a stack's configuration", () => {
  for (const [what, config, [key, value, expected, fix]] of mistakes) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(check(config).problems, [{ key, value, expected, fix }]);
    });
  }

  it("tells every mistake at once, of one key and of several", () => {
    const { problems } = check({
      ...{ machine: { kind: "docker" }, site: { name: "../x", domains: ["a b", "a;b"] }, app: {}, sit: 1 },
      ...{ environment: { "A-B": "x", TWICE: "x" }, secretEnvironment: { TWICE: "hush", PATH: "hush" } },
      ...{ gunicorn: { threads: 0, workers: "x" }, nginx: { gzip: 1, snippet: 2 }, health: { timeout: 0 } },
    });
    assert.deepEqual(problems.map(({ key }) => key).sort(), [
      ...[
        "app",
        "environment.A-B",
        "gunicorn.threads",
        "gunicorn.workers",
        "health.timeout",
        "machine.kind",
        "nginx.gzip",
      ],
      ...[
        "nginx.snippet",
        "secretEnvironment.PATH",
        "sit",
        "site.domains[0]",
        "site.domains[1]",
        "site.name",
      ],
    ]);
  });

  it("tells every secret that has no use, and every one that is missing", () => {
    const s3 = { endpoint: "https://s3.example.org", bucket: "backups" };
    const { problems } = check({ backup: { s3 }, proxyCredentials: "u:p", pythonIndexCredentials: "t" });
    assert.deepEqual(
      problems.map(({ key }) => key),
      [
        ...["proxyCredentials", "pythonIndexCredentials"],
        ...["backupPassword", "backupAccessKeyId", "backupSecretAccessKey"],
      ],
    );
  });

  it("judges by what is right of one part although another is wrong", () => {
    const { problems } = check({ ...domain("a b"), ...ssh({ agent: false }), gunicorn: { timeout: 60 } });
    assert.deepEqual(
      problems.map(({ key }) => key),
      ["site.domains[0]", "machine", "gunicorn.gracefulTimeout"],
    );
  });

  it("fills in the defaults, also where Pulumi.yaml hands over empty values", () => {
    const plain = check({}).parts;
    const empty = {
      environment: {},
      gunicorn: {},
      nginx: {},
      health: {},
      database: {},
      redis: {},
      secretEnvironment: {},
      databaseUrl: "",
      redisUrl: "",
      sshPrivateKey: "",
      bastionPrivateKey: "",
    };
    const defaults = check({ machine: { kind: "container" }, ...empty }, () => false);
    assert.deepEqual(defaults.problems, []);
    assert.deepEqual(JSON.parse(JSON.stringify(defaults.parts)), JSON.parse(JSON.stringify(plain)));
    assert.deepEqual(plain.machine, { kind: "container" });
    assert.deepEqual(plain.site, {
      name: "wepynaire",
      domains: ["example.org"],
      migrate: true,
      deleteData: false,
      packages: [],
      redirects: [],
      releases: 5,
    });
    assert.deepEqual(plain.database, { server: "none", extensions: [], variables: {}, deleteData: false });
    assert.deepEqual(plain.redis, {
      server: "none",
      memory: "auto",
      eviction: "noeviction",
      variables: {},
      deleteData: false,
    });
    assert.deepEqual(plain.gunicorn, {
      instances: 2,
      workers: "auto",
      threads: 4,
      timeout: 30,
      gracefulTimeout: 30,
      maxRequests: 0,
    });
    assert.deepEqual(plain.health, { path: "/", status: "200-399", timeout: 30 });
  });

  it("takes numbers and flags that arrive as text, as `pulumi config set` may keep them", () => {
    const { parts, problems } = check({
      ...container({ httpPort: "8081" }),
      ...{
        gunicorn: { workers: "3", threads: "2", maxRequests: "0" },
        nginx: { gzip: "false", bodySize: "50" },
      },
      ...{ site: { domains: ["a.org"], migrate: "true" } },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(parts.machine, { kind: "container", httpPort: 8081 });
    assert.deepEqual(
      [parts.gunicorn?.workers, parts.gunicorn?.threads, parts.gunicorn?.maxRequests],
      [3, 2, 0],
    );
    assert.deepEqual([parts.nginx?.gzip, parts.nginx?.bodySize, parts.site?.migrate], [false, 50, true]);
  });

  it("leaves the text of environment variables as it is, and writes numbers and flags as text", () => {
    const { parts } = check({
      environment: { A: "007", B: "true", C: 1.5, D: 8080, E: false, F: "", G: "a\nb'\"$%#\\" },
    });
    assert.deepEqual(parts.environment, {
      A: "007",
      B: "true",
      C: "1.5",
      D: "8080",
      E: "false",
      F: "",
      G: "a\nb'\"$%#\\",
    });
  });

  it("turns international domains into punycode and lower case", () => {
    const { parts } = check({
      site: { domains: ["bücher.example", "EXAMPLE.org", "127.0.0.1", "xn--nxasmq6b.org", "日本。jp"] },
    });
    assert.deepEqual(parts.site?.domains, [
      "xn--bcher-kva.example",
      "example.org",
      "127.0.0.1",
      "xn--nxasmq6b.org",
      "xn--wgv71a.jp",
    ]);
  });

  it("keeps a snippet of several lines", () => {
    const snippet = "location /x {\n  return 204;\n}\n";
    assert.equal(check({ nginx: { snippet } }).parts.nginx?.snippet, snippet);
  });

  it("accepts networks of both kinds of addresses", () => {
    const allowFrom = ["203.0.113.7", "10.0.0.0/8", "2001:db8::/32", "::1"];
    assert.deepEqual(check({ nginx: { allowFrom } }).problems, []);
  });
});

describe("an app's mail and storage", () => {
  it("may be left out, in all the ways in which Pulumi hands that over", () => {
    const none = { mail: {}, storage: {}, mailPassword: "", secretKey: "", superuser: {} };
    const { problems, parts } = check(none, () => false);
    assert.deepEqual(problems, []);
    assert.deepEqual([parts.mailPassword, parts.superuser], [undefined, {}]);
  });

  it("may log in without encryption on the machine itself", () => {
    const local = { ...mailing({ host: "127.0.0.1", user: "u", security: "none" }), mailPassword: "-hush-" };
    assert.deepEqual(check(local).problems, []);
  });

  it("may have secrets that are not known yet", () => {
    const config = {
      ...right,
      ...mailing({ user: "u" }),
      storage: { bucket: "media" },
      storageAccessKeyId: "i",
    };
    const later = ["mailPassword", "storageSecretAccessKey"];
    assert.deepEqual(checkConfig(config, secret, undefined, later).problems, []);
  });
});

describe("secrets", () => {
  it("are in no message, whatever is wrong with them", () => {
    const hush = "-hush-";
    const configs: RawConfig[] = [
      { secretEnvironment: { "A-B": hush, PATH: hush, C: [hush], D: { hush } } },
      { superuser: { "a-b": hush, password: hush }, mailPassword: [hush], secretKey: `${hush}\0` },
      { secretEnvironment: hush, sshPrivateKey: [hush], bastionPrivateKey: { hush } },
      { secretEnvironment: { A: hush }, environment: { A: "1" }, ...ssh({}), sshPrivateKey: hush },
    ];
    for (const config of configs) {
      const { problems } = check(config);
      assert.notEqual(problems.length, 0);
      assert.ok(!JSON.stringify(problems).includes(hush));
    }
  });

  it("must be encrypted", () => {
    const config = { secretEnvironment: { A: "-hush-" }, sshPrivateKey: "-hush-" };
    const { problems } = check(config, () => false);
    assert.deepEqual(problems, [
      {
        key: "secretEnvironment",
        value: "plain text",
        expected: "an encrypted value",
        fix: "Set it again, with: pulumi config set --secret --path secretEnvironment.NAME (then type the value)",
      },
      {
        key: "sshPrivateKey",
        value: "plain text",
        expected: "an encrypted value",
        fix: "Set it again, with: pulumi config set --secret --path sshPrivateKey (then type the value)",
      },
    ]);
  });

  it("are refused where previews show values, and not shown there either", () => {
    const { problems } = check(
      { environment: { A: "-hush-", B: ["-hush-"] } },
      (key) => key === "environment",
    );
    assert.deepEqual(
      problems.map(({ key, value }) => [key, value]),
      [
        ["environment.B", "[secret]"],
        ["environment", "an encrypted value"],
      ],
    );
    assert.ok(!JSON.stringify(problems).includes("-hush-"));
  });
});
