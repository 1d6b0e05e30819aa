import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { gunicornSchema } from "../../components/settings/schema/gunicorn";
import type { SiteArgs } from "../../components/site/args";
import { before, container, differences, recordServer, server, siteArgs, source } from "./fixture";

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

  it("the interface: the release, its environment, its activation, and nginx's site", async () => {
    const asgi: typeof source = {
      ...source,
      application: "wepynaire.asgi:application",
      dependencies: { ...source.dependencies, id: "fedcbafedcba" },
    };
    const steps = ["dependencies.create", "dependencies.stdin", "activate.stdin", "nginx-site.stdin"];
    assert.deepEqual(await changes({ source: asgi, interface: "asgi" }), inputs(...steps, ...anotherRelease));
  });

  it("a build command or a persistent folder: the release that is built with it", async () => {
    assert.deepEqual(await changes({ build: ["npm run build"] }), inputs(...anotherRelease));
    assert.deepEqual(await changes({ persistent: ["var/uploads"] }), inputs(...anotherRelease));
  });

  it("compiled translations: the release that is built with them, and their compiler", async () => {
    assert.deepEqual(
      await changes({ compileMessages: true }),
      ["machine-packages.create", ...inputs(...anotherRelease)].sort(),
    );
  });

  it("a fixture: the activation", async () => {
    assert.deepEqual(await changes({ fixtures: ["rooms"] }), inputs("activate.stdin"));
  });

  it("a superuser: a file of its own, and the activation; another password later: the file alone", async () => {
    const superuser = pulumi.secret({ username: "ada", password: "-hush-" });
    const step = ["addPreviousOutputInEnv", "connection", "create", "delete", "logging", "stdin", "triggers"];
    const file = step.map((input) => `superuser.${input}`);
    assert.deepEqual(await changes({ superuser }), inputs(...file, "activate.stdin"));
    const withPassword = (password: string) =>
      recordServer(container, [siteArgs({ superuser: { username: "ada", password } })]);
    const [one, other] = [await withPassword("-hush-"), await withPassword("-other-")];
    assert.deepEqual(differences(one.steps, other.steps), inputs("superuser.stdin"));
  });

  it("how many releases are kept: the facts of the release", async () => {
    assert.deepEqual(await changes({ releases: 3 }), inputs("release.stdin"));
  });

  it("a release to go back to: the activation, of what is there", async () => {
    const { steps, step } = await recordServer(container, [
      siteArgs({ source: { kept: "0123456789ab-4d5e" }, fixtures: ["rooms"] }),
    ]);
    const untouched = [...steps.values()].filter(({ ignoreChanges }) => ignoreChanges.includes("*"));
    assert.deepEqual(untouched.map(({ name }) => name).sort(), inputs("dependencies", "release", "upload"));
    const changed = differences((await recordServer(container)).steps, steps).filter(
      (input) => !untouched.some(({ name }) => input.startsWith(`${name}.`)),
    );
    assert.deepEqual(changed, inputs("activate.create", "activate.stdin"));
    const { create, stdin } = step("wepynaire-activate").inputs;
    assert.match(String(create), / wepynaire 0123456789ab-4d5e$/);
    assert.match(String(stdin), /^migrate false\nfixtures \nsuperuser false$/m);
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

  it("a process or a timer: its own step, and the activation", async () => {
    const worker = { command: "celery -A wepynaire worker", count: 2, stopTimeout: 60 };
    const cleanup = { command: "python manage.py clearsessions", schedule: "daily", timeout: 60 };
    const one = [siteArgs({ processes: { worker }, timers: { cleanup } })];
    const recorded = await recordServer(container, one);
    const added = [...recorded.steps.keys()].filter((name) => /-(processes|timers)$/.test(name));
    assert.deepEqual(added.sort(), inputs("processes", "timers"));
    for (const name of added) assert.ok(before(recorded.steps, "wepynaire-activate").has(name), name);

    const between = async (changed: Partial<SiteArgs>): Promise<string[]> => {
      const other = [siteArgs({ processes: { worker }, timers: { cleanup }, ...changed })];
      return differences(recorded.steps, (await recordServer(container, other)).steps);
    };
    assert.deepEqual(
      await between({ processes: { worker: { ...worker, count: 3 } } }),
      inputs("processes.stdin", "activate.stdin"),
    );
    assert.deepEqual(
      await between({ timers: { cleanup: { ...cleanup, schedule: "hourly" } } }),
      inputs("timers.stdin", "activate.stdin"),
    );
    assert.deepEqual(
      (await between({ processes: {} })).filter((input) => !input.startsWith("wepynaire-processes.")),
      inputs("activate.stdin"),
    );
  });

  it("processes of which none is to run: nothing", async () => {
    const idle = { command: "x", count: 0, stopTimeout: 60 };
    assert.deepEqual(await changes({ processes: { idle } }), []);
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

describe("a service", () => {
  const onMachine = { ...siteArgs().database, server: "machine" } as const;

  it("that is added is made by steps of its own, and restarts the app by the facts of the activation", async () => {
    const plain = await recordServer(server);
    const fresh = await recordServer(server, [
      siteArgs({ database: onMachine, redis: { ...siteArgs().redis, server: "machine" } }),
    ]);
    const changed = differences(plain.steps, fresh.steps).filter((input) =>
      plain.steps.has(input.split(".")[0] ?? ""),
    );
    assert.deepEqual(changed, inputs("environment.stdin", "activate.stdin"));
    const added = [...fresh.steps.keys()].filter((name) => !plain.steps.has(name));
    assert.deepEqual(added.sort(), ["machine-postgresql", "wepynaire-postgresql", "wepynaire-redis"]);
    assert.match(String(fresh.step("wepynaire-activate").inputs["stdin"]), /^postgresql \w+\nredis \w+$/m);
    for (const name of added) assert.ok(before(fresh.steps, "wepynaire-release").has(name), name);
    assert.ok(!before(fresh.steps, "wepynaire-dependencies").has("machine-postgresql"));
    assert.ok(!before(fresh.steps, "wepynaire-upload").has("wepynaire-postgresql"));
  });

  it("keeps its data when it goes, or drops it when told so, and the command line says which", async () => {
    const removals = async (deleteData: boolean, whole: boolean): Promise<string[]> => {
      const redis = { ...siteArgs().redis, server: "machine", deleteData } as const;
      const database = { ...onMachine, deleteData };
      const { step } = await recordServer(server, [siteArgs({ database, redis, deleteData: whole })]);
      return ["postgresql", "redis", "user"].map(
        (name) =>
          /-remove@\w+ (\S+) wepynaire /.exec(String(step(`wepynaire-${name}`).inputs["delete"]))?.[1] ?? "",
      );
    };
    assert.deepEqual(await removals(false, false), ["keep-data", "keep-data", "keep-data"]);
    assert.deepEqual(await removals(true, false), ["delete-data", "delete-data", "keep-data"]);
    assert.deepEqual(await removals(false, true), ["keep-data", "keep-data", "delete-data"]);
  });

  it("elsewhere is a matter of secret variables alone, which the site's own override", async () => {
    const database = { ...siteArgs().database, server: "url" } as const;
    const { steps, step } = await recordServer(server, [
      siteArgs({
        ...{ database, databaseUrl: "postgres://shop:-hush-@db.org/shop" },
        ...{ environment: { PGHOST: "pooler.org" }, secretEnvironment: { PGPASSWORD: "-other-" } },
      }),
    ]);
    const { stdin } = step("wepynaire-secrets").inputs;
    assert.match(String(stdin), /^DATABASE_URL=postgres:\/\/shop:-hush-@db\.org\/shop$/m);
    assert.match(String(stdin), /^PGPASSWORD=-other-$/m);
    assert.doesNotMatch(String(stdin), /^PGHOST=/m);
    assert.ok(step("wepynaire-secrets").secrets.includes("stdin"));
    const holding = [...steps.values()].filter(({ inputs }) => JSON.stringify(inputs).includes("-hush-"));
    assert.deepEqual(
      holding.map(({ name }) => name),
      ["wepynaire-secrets"],
    );
    assert.ok(!steps.has("wepynaire-postgresql"));
  });

  it("of a second site re-runs nothing of the first", async () => {
    const first = siteArgs({ database: onMachine });
    const second = siteArgs({ name: "shop", domains: ["shop.org"], database: onMachine });
    const [one, two] = [await recordServer(server, [first]), await recordServer(server, [first, second])];
    const changed = differences(one.steps, two.steps).filter((input) => !input.startsWith("shop-"));
    assert.deepEqual(changed, ["machine-postgresql.stdin"]);
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

  it("of the superuser are root's alone, as createsuperuser looks for them", async () => {
    const superuser = { email: "ada@example.org", password: "it's -hush-" };
    const { step } = await recordServer(container, [siteArgs({ superuser: pulumi.secret(superuser) })]);
    const { inputs, secrets } = step("wepynaire-superuser");
    assert.match(String(inputs["create"]), / wepynaire next\/superuser 0600 root:root$/);
    assert.match(
      String(inputs["stdin"]),
      /\nDJANGO_SUPERUSER_EMAIL=ada@example.org\nDJANGO_SUPERUSER_PASSWORD='it'\\''s -hush-'\n$/,
    );
    assert.deepEqual([...secrets].sort(), ["connection", "stdin"]);
    assert.match(String(step("wepynaire-activate").inputs["stdin"]), /^superuser true$/m);
    assert.ok(!JSON.stringify(step("wepynaire-activate").inputs).includes("-hush-"));
  });

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
