import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import type { NetworkArgs } from "../../components/network";
import { databaseSchema } from "../../components/settings/schema/database";
import { redisSchema } from "../../components/settings/schema/redis";
import { valueOf } from "../support/mocks";
import { before, container, differences, recordServer, server, siteArgs } from "./fixture";

const authority = readFileSync(join(__dirname, "../settings/certificates/authority.pem"), "utf8");

const network: NetworkArgs = {
  caCertificates: [authority],
  proxy: "http://proxy.example.org:3128",
  proxyCredentials: pulumi.secret("me:-hush-proxy-"),
  noProxy: ["git.example.org"],
  aptMirror: "http://mirror.example.org/debian",
  pythonIndex: "https://pypi.example.org/simple",
  pythonIndexCredentials: pulumi.secret("-hush-token-"),
};
const wheels: NetworkArgs = {
  wheels: { id: "0123456789ab", archive: "package.json", sha256: "e".repeat(64) },
};

const record = (args: NetworkArgs, site = siteArgs(), machine = container) =>
  recordServer(machine, [site], { network: args });

describe("a network that is not the open internet", () => {
  it("is placed before anything is fetched, in two steps", async () => {
    const services = {
      database: databaseSchema.parse({ server: "machine" }),
      redis: redisSchema.parse({ server: "machine" }),
    };
    const { steps } = await record(network, siteArgs(services));
    const own = [...steps.keys()].filter((name) => name.startsWith("machine-network"));
    assert.deepEqual(own.sort(), ["machine-network", "machine-network-secrets"]);
    const fetching = ["dependencies", "release", "redis", "backup"].map((name) => `wepynaire-${name}`);
    for (const step of ["machine-packages", "machine-uv", "machine-postgresql", ...fetching])
      for (const name of own) assert.ok(before(steps, step).has(name), `${step} does not wait for ${name}`);
    for (const name of own) assert.deepEqual([...before(steps, name)], ["machine-scripts"], name);
    assert.ok(!before(steps, "wepynaire-user").has("machine-network"), "the user's step fetches nothing");
  });

  it("is no step at all when nothing is set", async () => {
    const { steps } = await recordServer(container);
    assert.deepEqual(
      [...steps.keys()].filter((name) => /network|wheels/.test(name)),
      [],
    );
  });

  it("shows its files in the preview, a certificate by its fingerprint", async () => {
    const stdin = String((await record(network)).step("machine-network").inputs["stdin"]);
    assert.match(stdin, /^==> network\.env <==\n/);
    assert.match(stdin, /^https_proxy=http:\/\/proxy\.example\.org:3128$/m);
    assert.match(stdin, /^==> mirrors <==\narchive http:\/\/mirror\.example\.org\/debian$/m);
    assert.match(stdin, /^==> [0-9a-f]{16}\.crt <==\n-----BEGIN CERTIFICATE-----$/m);
    assert.ok(stdin.includes(authority));
  });

  it("has its credentials in two secret steps alone: its own, and the app's", async () => {
    const { steps, step } = await record(network);
    const holding = [...steps.values()].filter(({ inputs }) => JSON.stringify(inputs).includes("-hush-"));
    assert.deepEqual(holding.map(({ name }) => name).sort(), [
      "machine-network-secrets",
      "wepynaire-secrets",
    ]);
    for (const { name, secrets } of holding) assert.ok(secrets.includes("stdin"), name);
    const own = String(step("machine-network-secrets").inputs["stdin"]);
    assert.match(own, /^UV_DEFAULT_INDEX=https:\/\/__token__:-hush-token-@pypi\.example\.org\/simple$/m);
    assert.match(own, /^==> apt-auth <==\n.*\nmachine http:\S+ login me password -hush-proxy-$/m);
    const app = String(step("wepynaire-secrets").inputs["stdin"]);
    assert.match(app, /^https_proxy=http:\/\/me:-hush-proxy-@proxy\.example\.org:3128$/m);
    assert.doesNotMatch(app, /-hush-token-/);
  });

  it("gives no credentials where none are needed", async () => {
    const open: NetworkArgs = { proxy: "http://proxy.example.org:3128" };
    const { step } = await record(open);
    assert.equal(step("machine-network-secrets").inputs["stdin"], "");
    assert.match(String(step("wepynaire-secrets").inputs["stdin"]), /^# .*\nSTRIPE_KEY=\S+\n$/);
  });

  it("leads the app, too, unless its environment says otherwise", async () => {
    const environment = async (own: Record<string, string>): Promise<string> => {
      const { step } = await record(network, siteArgs({ environment: own }));
      const all = ["wepynaire-environment", "wepynaire-secrets"].map((name) => step(name).inputs["stdin"]);
      return all.join("");
    };
    const led = await environment({});
    assert.match(led, /^REQUESTS_CA_BUNDLE=\/etc\/ssl\/certs\/ca-certificates\.crt$/m);
    assert.match(led, /^HTTP_PROXY=/m);
    const own = await environment({ HTTPS_PROXY: "", http_proxy: "http://other.example.org" });
    assert.deepEqual(own.match(/^https?_proxy=.*$/gim), [
      "HTTPS_PROXY=''",
      "http_proxy=http://other.example.org",
    ]);
  });

  it("sends wheels, unpacks them, and only then fetches uv", async () => {
    const { steps, step } = await record(wheels);
    assert.equal(
      step("machine-wheels-upload").inputs["remotePath"],
      ".django-server-wheels-0123456789ab.tar.gz",
    );
    assert.ok(before(steps, "machine-wheels").has("machine-wheels-upload"));
    assert.ok(before(steps, "machine-uv").has("machine-wheels"));
    assert.match(String(step("machine-network").inputs["stdin"]), /^PIP_NO_INDEX=1$/m);
  });

  it("is taken off a server of yours, if it is the same machine", async () => {
    const { step } = await record(network, siteArgs(), server);
    assert.match(
      String(step("machine-network").inputs["delete"]),
      /network-remove@\S+ ssh:\/\/vps\.example\.org:22 django-server-local; else/,
    );
  });

  it("changes the steps that place it, and the app that goes by it, and no other", async () => {
    const other = { ...network, proxy: "http://proxy.example.org:8080" };
    const changed = differences((await record(network)).steps, (await record(other)).steps);
    const site = ["activate", "environment", "secrets"].map((name) => `wepynaire-${name}.stdin`);
    assert.deepEqual(changed, ["machine-network-secrets.stdin", "machine-network.stdin", ...site]);
  });

  it("is among what was placed, without its credentials", async () => {
    const { operations } = (await record(wheels)).server;
    const { placed } = await valueOf(operations);
    assert.ok(placed.some((one) => one.kind === "link" && one.target === "wheels-0123456789ab"));
  });
});
