import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { uv } from "../../components/versions";
import { containerFacts, record, valueOf } from "../support/mocks";
import { before, container, recordServer, server, siteArgs, source } from "./fixture";

/** The command line of each step behind sudo; a script's hash is left out. */
const lines: Record<string, string> = {
  "machine-packages": "packages ca-certificates curl logrotate nginx python3 restic supervisor tzdata",
  "machine-uv": `uv ${uv.version}`,
  "machine-supervisor": "drop-in supervisor.service",
  "machine-nginx": "drop-in nginx.service",
  "machine-nginx-default": "nginx-default default",
  "wepynaire-user": "site-user wepynaire",
  "wepynaire-environment": "site-file wepynaire next/environment",
  "wepynaire-secrets": "site-file wepynaire next/secrets",
  "wepynaire-gunicorn": "site-file wepynaire next/gunicorn.conf.py",
  "wepynaire-dependencies": `dependencies wepynaire abcdefabcdef requirements /opt/django-server/uv-${uv.version}/bin/uv`,
  "wepynaire-release": "release wepynaire RELEASE",
  "wepynaire-program": "program wepynaire",
  "wepynaire-activate": "activate wepynaire RELEASE",
  "wepynaire-nginx-site": "nginx-site wepynaire example.org / 200-399",
  "wepynaire-backup": "backup-schedule wepynaire",
};

const withoutHashes = (text: unknown): string =>
  String(text)
    .replaceAll(/@[0-9a-f]{8}\b/g, "")
    .replaceAll(/0123456789ab-[0-9a-f]{4}/g, "RELEASE");

describe("a Django server", () => {
  it("is a machine, what every machine gets, and its sites", async () => {
    const { resources } = await recordServer(container);
    const expected = [
      ...["django-server:index:DjangoServer machine", "django-server:machine:Container machine"],
      ...["django-server:index:HostSetup machine", "django-server:index:Site wepynaire"],
      ...["command:local:Command machine", "command:remote:Command machine-scripts"],
      ...["command:remote:CopyToRemote wepynaire-upload"],
      ...Object.keys(lines).map((name) => `command:remote:Command ${name}`),
    ];
    assert.deepEqual([...resources.keys()].sort(), expected.sort());
  });

  it("runs one host script a step, as root", async () => {
    const { step } = await recordServer(container);
    for (const [name, line] of Object.entries(lines)) {
      assert.equal(withoutHashes(step(name).inputs["create"]), `sudo -n /opt/django-server/${line}`, name);
    }
    assert.equal(step("machine-scripts").inputs["create"], `sudo -n bash -s -- ${containerFacts.id}`);
  });

  it("needs no sudo where the user is root", async () => {
    const { steps } = await recordServer({ ...server, user: "root" } as typeof server);
    for (const { name, inputs, type } of steps.values()) {
      if (type === "command:remote:Command") assert.doesNotMatch(String(inputs["create"]), /sudo/, name);
    }
  });

  it("uses the settings that keep secrets and long lines out of the provider's hands", async () => {
    const { steps } = await recordServer(container);
    for (const { name, inputs, type, secrets } of steps.values()) {
      assert.ok(secrets.includes("connection"), name);
      if (type !== "command:remote:Command") continue;
      // Django's warnings about a release are shown, and cut to length.
      assert.equal(inputs["logging"], name.endsWith("-release") ? "stdout" : "none", name);
      assert.equal(inputs["addPreviousOutputInEnv"], false, name);
      assert.ok(!("environment" in inputs), name);
    }
  });

  it("places every step again on another machine", async () => {
    for (const [machine, id] of [
      [container, containerFacts.id],
      [server, "ssh://vps.example.org:22"],
    ] as const) {
      const { steps } = await recordServer(machine);
      for (const { name, inputs } of steps.values()) {
        assert.ok((inputs["triggers"] as unknown[]).includes(id), name);
      }
    }
  });

  it("leaves a container's steps to the container's own deletion", async () => {
    const { steps, resources } = await recordServer(container);
    for (const { name, deletedWith } of steps.values()) assert.equal(deletedWith, "machine", name);
    assert.equal(resources.get("command:local:Command machine")?.deletedWith, undefined);
    const withDelete = [...steps.values()].filter(({ inputs }) => "delete" in inputs).map(({ name }) => name);
    assert.deepEqual(withDelete, ["wepynaire-user"]);
  });

  it("cleans a server of yours of its site and of what every machine gets, and only if it is the same machine", async () => {
    const { steps, step } = await recordServer(server);
    for (const { name, deletedWith } of steps.values()) assert.equal(deletedWith, undefined, name);
    const withDelete = [...steps.values()].filter(({ inputs }) => "delete" in inputs).map(({ name }) => name);
    assert.deepEqual(withDelete.sort(), ["machine-scripts", "wepynaire-user"]);
    const removal = (script: string, args: string) =>
      `if test -x /opt/django-server/${script}; then sudo -n /opt/django-server/${script} ${args}; else cat >/dev/null; fi`;
    const id = "ssh://vps.example.org:22";
    assert.equal(withoutHashes(step("machine-scripts").inputs["delete"]), removal("server-remove", id));
    assert.equal(
      withoutHashes(step("wepynaire-user").inputs["delete"]),
      removal("site-remove", `keep-data wepynaire ${id}`),
    );
  });

  it("does things in their order, and side by side what is independent", async () => {
    const { steps } = await recordServer(container);
    const all = (name: string) => before(steps, name);
    for (const name of steps.keys())
      if (name !== "machine-scripts") assert.ok(all(name).has("machine-scripts"), name);
    const needed = [
      "upload",
      "dependencies",
      "release",
      "environment",
      "secrets",
      "gunicorn",
      "program",
      "user",
    ];
    for (const part of needed) assert.ok(all("wepynaire-activate").has(`wepynaire-${part}`), part);
    for (const part of ["machine-supervisor", "machine-uv"])
      assert.ok(all("wepynaire-activate").has(part), part);
    for (const part of ["wepynaire-activate", "machine-nginx-default"]) {
      assert.ok(all("wepynaire-nginx-site").has(part), part);
    }
    assert.deepEqual([...all("wepynaire-upload")], ["machine-scripts"]);
    assert.deepEqual([...all("wepynaire-user")], ["machine-scripts"]);
    for (const part of ["machine-nginx", "wepynaire-program"]) {
      assert.ok(!all("wepynaire-release").has(part), `the release waits for ${part}`);
    }
    assert.ok(all("wepynaire-release").has("machine-packages"), "the app may need the time zones");
    assert.ok(!all("wepynaire-dependencies").has("machine-packages"), "they come while apt is busy");
    assert.ok(!all("wepynaire-activate").has("wepynaire-backup"), "the site waits for its backups");
  });

  it("keeps the machine's own default server when asked to", async () => {
    const { steps } = await recordServer(container, [siteArgs()], { refuseUnknownHosts: false });
    assert.ok(!steps.has("machine-nginx-default"));
    assert.ok(before(steps, "wepynaire-nginx-site").has("machine-nginx"));
  });

  it("compiles translations when all else is built, with gettext, for which no dependency waits", async () => {
    const site = siteArgs({ build: ["npm run build"], compileMessages: true });
    const { steps, step } = await recordServer(container, [site]);
    assert.match(String(step("machine-packages").inputs["create"]), / gettext$/);
    assert.ok(!before(steps, "wepynaire-dependencies").has("machine-packages"));
    assert.match(
      String(step("wepynaire-release").inputs["stdin"]),
      /^build_1 npm run build\nbuild_2 find .*'\*\.po'.*\nbuild_3 python manage\.py compilemessages /m,
    );
  });

  it("installs the packages that the sites ask for before their dependencies", async () => {
    const { steps, step } = await recordServer(container, [siteArgs()], { packages: ["libpq5"] });
    assert.match(String(step("machine-packages").inputs["create"]), / libpq5$/);
    assert.ok(before(steps, "wepynaire-dependencies").has("machine-packages"));
  });

  it("tells where the site is, by what release, and how its instances are", async () => {
    const local = (await recordServer(container)).server;
    assert.equal(await valueOf(local.address), "127.0.0.1");
    const [site] = local.sites;
    assert.ok(site);
    assert.equal(await valueOf(site.url), "http://example.org:8081");
    assert.match(await valueOf(site.release), /^0123456789ab-[0-9a-f]{4}$/);
    assert.equal((await valueOf(site.status)).length, 1);
    const remote = (await recordServer(server)).server;
    assert.equal(await valueOf(remote.address), "vps.example.org");
    assert.equal(await valueOf(remote.ssh), "ssh deploy@vps.example.org");
    assert.equal(await valueOf(remote.sites[0]?.url ?? pulumi.output("")), "http://example.org");
  });

  it("hands on, as a secret, what it takes to work on it later", async () => {
    for (const [kind, machine] of Object.entries({ container, ssh: server })) {
      const { operations } = (await recordServer(machine)).server;
      assert.ok(await pulumi.isSecret(operations));
      const told = await valueOf(operations);
      assert.equal(told.machine.kind, kind);
      assert.match(told.machine.connection.hostKey, /^ssh-ed25519 /);
      assert.equal(told.sites[0]?.health.host, "example.org");
      const text = JSON.stringify(told.placed);
      assert.doesNotMatch(text, /-hush-|-key-/);
      const nginx = told.placed.find(
        (placed) => "path" in placed && placed.path.endsWith("available/wepynaire"),
      );
      assert.match(nginx?.kind === "file" ? (nginx.text ?? "") : "", /server_name example\.org/);
    }
  });

  it("records what runs beside gunicorn, so that drift of it is found", async () => {
    const processes = {
      worker: { command: "celery", count: 2, stopTimeout: 60 },
      idle: { command: "x", count: 0, stopTimeout: 60 },
    };
    const timers = { cleanup: { command: "y", schedule: "daily", timeout: 60 } };
    const { operations } = (await recordServer(container, [siteArgs({ processes, timers })])).server;
    const { placed, sites } = await valueOf(operations);
    const names = placed.map((one) => `${one.kind} ${"path" in one ? one.path : one.name}`);
    const expected = [
      "file /etc/supervisor/conf.d/wepynaire-processes.conf",
      ...["programs wepynaire-gunicorn", "programs wepynaire-worker", "timer wepynaire-cleanup"],
      ...["service", "timer"].map((kind) => `file /etc/systemd/system/wepynaire-cleanup.${kind}`),
      "file /etc/logrotate.d/django-server-wepynaire.timers",
    ];
    for (const name of expected) assert.ok(names.includes(name), name);
    assert.ok(!names.join().includes("idle"));
    assert.deepEqual([sites[0]?.processes, sites[0]?.timers], [{ worker: 2, idle: 0 }, ["cleanup"]]);
  });

  it("asks an ACME server once the site answers by HTTP, and serves HTTPS once there is a certificate", async () => {
    const acme = {
      kind: "acme",
      directory: "https://ca.example.com/dir",
      email: "a@b.org",
      hsts: 0,
    } as const;
    const { steps, step } = await recordServer(server, [siteArgs({ tls: acme, redirects: ["example.com"] })]);
    const run = (name: string) => withoutHashes(step(name).inputs["create"]).split("/").slice(3).join("/");
    assert.equal(run("wepynaire-certificate"), "certificate-acme wepynaire");
    assert.equal(
      step("wepynaire-certificate").inputs["stdin"],
      "directory https://ca.example.com/dir\nemail a@b.org\nnames example.org www.example.org example.com\n",
    );
    const names = "example.org www.example.org example.com";
    const chain = "/etc/letsencrypt/live/wepynaire/fullchain.pem";
    assert.equal(run("wepynaire-https"), `nginx-https wepynaire ${chain} example.org / 200-399 ${names}`);
    assert.match(run("machine-packages"), / certbot$/);
    assert.ok(before(steps, "wepynaire-certificate").has("wepynaire-nginx-site"));
    for (const part of ["wepynaire-certificate", "wepynaire-nginx-site", "machine-nginx-default-tls"])
      assert.ok(before(steps, "wepynaire-https").has(part), part);
    assert.match(
      withoutHashes(step("wepynaire-certificate").inputs["delete"]),
      /https-remove wepynaire ssh:\/\/vps\.example\.org:22;/,
    );
  });

  it("does not wait for the site where the certificate comes from elsewhere", async () => {
    const { steps } = await recordServer(container, [siteArgs({ tls: { kind: "self-signed", hsts: 0 } })]);
    assert.ok(!before(steps, "wepynaire-certificate").has("wepynaire-activate"));
    assert.doesNotMatch(String(steps.get("machine-packages")?.inputs["create"]), /certbot/);
  });

  it("puts several sites on one machine that share no name", async () => {
    const second = siteArgs({
      name: "shop",
      domains: ["shop.org"],
      source: { ...source, archive: "tsconfig.json" },
    });
    const { steps, resources } = await recordServer(container, [siteArgs(), second]);
    const of = (site: string) => [...steps.values()].filter(({ name }) => name.startsWith(`${site}-`));
    assert.equal(of("shop").length, of("wepynaire").length);
    assert.equal(
      [...resources.values()].filter(({ type }) => type === "django-server:index:HostSetup").length,
      1,
    );
    for (const { name, inputs } of of("shop")) {
      assert.doesNotMatch(
        JSON.stringify({ ...inputs, connection: "" }).replaceAll(/wepynaire\.(settings|wsgi)/g, ""),
        /wepynaire/,
        name,
      );
    }
    assert.ok(![...before(steps, "shop-nginx-site")].some((name) => name.startsWith("wepynaire-")));
  });
});

describe("the recording mocks", () => {
  it("refuse calls that no test expects", async () => {
    await record(() => undefined);
    await assert.rejects(pulumi.runtime.invoke("some:index:function", {}));
  });
});
