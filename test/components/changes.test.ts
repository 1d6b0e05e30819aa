import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { gunicornSchema } from "../../components/settings/schema/gunicorn";
import type { SiteArgs } from "../../components/site";
import { container, differences, recordServer, server, siteArgs, source } from "./fixture";

/** The steps' inputs that a change of the site changes: what `pulumi preview` would show. */
async function changes(changed: Partial<SiteArgs>): Promise<string[]> {
  const [old, fresh] = [await recordServer(container), await recordServer(container, [siteArgs(changed)])];
  return differences(old.steps, fresh.steps);
}

/** The archive is sent again, since the machine keeps none of a release that it has. */
const anotherRelease = [
  ...["upload.remotePath", "upload.triggers", "release.create", "release.stdin", "activate.create"],
];

const inputs = (...names: string[]): string[] => names.map((name) => `wepynaire-${name}`).sort();

describe("what a change of the settings changes", () => {
  it("nothing: nothing", async () => {
    assert.deepEqual(await changes({}), []);
  });

  it("an nginx value: the text of nginx's site", async () => {
    const nginx = { ...siteArgs().nginx, bodySize: 50 };
    assert.deepEqual(await changes({ nginx }), inputs("nginx-site.stdin"));
  });

  it("the app: its upload, its release, its activation", async () => {
    const other: typeof source = {
      ...source,
      releaseId: "ba9876543210",
      archive: "tsconfig.json",
      archiveSha256: "e".repeat(64),
    };
    const upload = ["upload.remotePath", "upload.source", "upload.triggers"];
    assert.deepEqual(
      await changes({ source: other }),
      inputs(...upload, "release.create", "release.stdin", "activate.create"),
    );
  });

  it("a dependency: the virtual environment, and the release that is built with it", async () => {
    const dependencies = {
      ...source.dependencies,
      id: "fedcbafedcba",
      files: { "requirements.txt": "django>5\n" },
    };
    const step = ["dependencies.create", "dependencies.stdin"];
    assert.deepEqual(
      await changes({ source: { ...source, dependencies } }),
      inputs(...step, ...anotherRelease),
    );
  });

  it("a build command or a persistent folder: the release that is built with it", async () => {
    assert.deepEqual(await changes({ build: ["npm run build"] }), inputs(...anotherRelease));
    assert.deepEqual(await changes({ persistent: ["var/uploads"] }), inputs(...anotherRelease));
  });

  it("how many releases are kept: the facts of the release", async () => {
    assert.deepEqual(await changes({ releases: 3 }), inputs("release.stdin"));
  });

  it("a release to go back to: the activation, of what is there", async () => {
    const { steps, step } = await recordServer(container, [
      siteArgs({ source: { kept: "0123456789ab-4d5e" } }),
    ]);
    const untouched = [...steps.values()].filter(({ ignoreChanges }) => ignoreChanges.includes("*"));
    assert.deepEqual(untouched.map(({ name }) => name).sort(), inputs("dependencies", "release", "upload"));
    const changed = differences((await recordServer(container)).steps, steps).filter(
      (input) => !untouched.some(({ name }) => input.startsWith(`${name}.`)),
    );
    assert.deepEqual(changed, inputs("activate.create", "activate.stdin"));
    const { create, stdin } = step("wepynaire-activate").inputs;
    assert.match(String(create), / wepynaire 0123456789ab-4d5e$/);
    assert.match(String(stdin), /^migrate false$/m);
  });

  it("a text for a repair: every step's command line, and never what would replace a step", async () => {
    const again = await recordServer(container, [siteArgs()], { repair: "2026-11-23" });
    const commands = [...again.steps.values()].filter(({ type }) => type === "command:remote:Command");
    assert.deepEqual(
      differences((await recordServer(container)).steps, again.steps),
      commands.map(({ name }) => `${name}.create`).sort(),
    );
    for (const { name, inputs } of commands)
      assert.match(String(inputs["create"]), / # repair 2026-11-23$/, name);
  });

  it("an environment variable: its file, and the activation", async () => {
    assert.deepEqual(
      await changes({ environment: { COLOUR: "red" } }),
      inputs("environment.stdin", "activate.stdin"),
    );
  });

  it("a secret: its file, and by its fingerprint the activation", async () => {
    const secretEnvironment = pulumi.secret({ STRIPE_KEY: "-other-" });
    assert.deepEqual(await changes({ secretEnvironment }), inputs("secrets.stdin", "activate.stdin"));
  });

  it("gunicorn's threads: its file, and the activation", async () => {
    const gunicorn = gunicornSchema.parse({ threads: 8 });
    assert.deepEqual(await changes({ gunicorn }), inputs("gunicorn.stdin", "activate.stdin"));
  });

  it("the number of instances: the program, gunicorn's share of the machine, the activation and the upstream", async () => {
    const gunicorn = gunicornSchema.parse({ instances: 3 });
    assert.deepEqual(
      await changes({ gunicorn }),
      inputs("program.stdin", "gunicorn.stdin", "activate.stdin", "nginx-site.stdin"),
    );
  });

  it("HTTPS: two steps more, the app's URL, how it is asked, and the redirect", async () => {
    const tls = { kind: "self-signed", hsts: 0 } as const;
    const [old, fresh] = [await recordServer(container), await recordServer(container, [siteArgs({ tls })])];
    const added = [...fresh.steps.keys()].filter((name) => !old.steps.has(name));
    assert.deepEqual(added.sort(), ["machine-nginx-default-tls", ...inputs("certificate", "https")]);
    const changed = differences(old.steps, fresh.steps).filter(
      (input) => !added.some((name) => input.startsWith(`${name}.`)),
    );
    assert.deepEqual(changed, inputs("environment.stdin", "activate.stdin", "nginx-site.stdin"));
    assert.match(
      String(fresh.step("wepynaire-environment").inputs["stdin"]),
      /^SITE_URL=https:\/\/example\.org:8444$/m,
    );
    assert.match(String(fresh.step("wepynaire-activate").inputs["stdin"]), /^scheme https$/m);
    assert.match(
      String(fresh.step("wepynaire-nginx-site").inputs["stdin"]),
      /return 301 https:\/\/\$host:8444\$request_uri;/,
    );
  });

  it("a name that is redirected: nginx's two files and the certificate, and not the app", async () => {
    const tls = { kind: "acme", directory: "https://ca.example.com/dir", hsts: 0 } as const;
    const one = await recordServer(container, [siteArgs({ tls })]);
    const other = await recordServer(container, [siteArgs({ tls, redirects: ["example.com"] })]);
    assert.deepEqual(
      differences(one.steps, other.steps),
      inputs("nginx-site.stdin", "certificate.stdin", "https.create", "https.stdin"),
    );
  });

  it("a further domain: the app's hosts, the activation and nginx's site", async () => {
    const domains = ["example.org", "www.example.org", "example.com"];
    assert.deepEqual(
      await changes({ domains }),
      inputs("environment.stdin", "activate.stdin", "nginx-site.stdin"),
    );
  });
});

describe("secret variables", () => {
  for (const [kind, machine] of Object.entries({ container, server })) {
    it(`are in one step only, as a secret: ${kind}`, async () => {
      const { steps, step } = await recordServer(machine);
      const holding = [...steps.values()].filter(({ inputs }) => JSON.stringify(inputs).includes("-hush-"));
      assert.deepEqual(
        holding.map(({ name }) => name),
        ["wepynaire-secrets"],
      );
      assert.match(String(step("wepynaire-secrets").inputs["stdin"]), /^STRIPE_KEY=-hush-$/m);
      const secret = [...steps.values()].filter(({ secrets }) =>
        secrets.some((input) => input !== "connection"),
      );
      assert.deepEqual(
        secret.map(({ name, secrets }) => [name, [...secrets].sort()]),
        [["wepynaire-secrets", ["connection", "stdin"]]],
      );
    });
  }

  it("are a provided certificate and its key, too, in a step of their own", async () => {
    const tls = { kind: "provided", certificate: "-chain-", privateKey: "-hidden-", hsts: 0 } as const;
    const { steps, step } = await recordServer(container, [siteArgs({ tls })]);
    const holding = [...steps.values()].filter(({ inputs }) => JSON.stringify(inputs).includes("-hidden-"));
    assert.deepEqual(
      holding.map(({ name }) => name),
      ["wepynaire-certificate"],
    );
    assert.equal(step("wepynaire-certificate").inputs["stdin"], "-chain-\n-hidden-\n");
    assert.ok(step("wepynaire-certificate").secrets.includes("stdin"));
  });

  it("are kept secret even when given as plain values", async () => {
    const { step } = await recordServer(container, [
      siteArgs({ secretEnvironment: { STRIPE_KEY: "-hush-" } }),
    ]);
    assert.ok(step("wepynaire-secrets").secrets.includes("stdin"));
  });
});
