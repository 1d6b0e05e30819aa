import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { list } from "tar";

import { authoritiesIn } from "../../components/settings/certificates";
import { networkArgs } from "../../components/settings/defineNetwork";
import type { StackSecrets } from "../../components/settings/schema";
import { networkSchema } from "../../components/settings/schema/network";
import { wheelsArchive } from "../../components/settings/wheels";
import { SourceError } from "../../components/source";
import { uv } from "../../components/versions";
import { valueOf } from "../support/mocks";

const certificate = (name: string): string => join(__dirname, "certificates", `${name}.pem`);
const text = (name: string): string => readFileSync(certificate(name), "utf8");
const folder = mkdtempSync(join(tmpdir(), "network-test-"));
after(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** What is wrong, as value and fix of each problem. */
async function refused(read: () => unknown): Promise<string[][]> {
  const error = await Promise.resolve()
    .then(read)
    .then(
      () => assert.fail("something that should have been refused"),
      (reason: unknown) => reason,
    );
  assert.ok(error instanceof SourceError, String(error));
  return error.problems.map(({ key, value, fix }) => [key, value, fix]);
}

describe("a network's certificate authorities", () => {
  const read = (path: string, now?: Date) => authoritiesIn("network.caCertificates[0]", path, now);
  const refusal = (path: string, now?: Date) => refused(() => read(path, now));

  it("are those of a PEM file, also of a bundle with words between them, and below ~", () => {
    const bundle = file("bundle.pem", `An authority\n${text("authority")}\n# another\r\n${text("expired")}`);
    const now = new Date("2015-01-01");
    assert.deepEqual(read(relative(process.cwd(), certificate("authority"))), [text("authority")]);
    assert.deepEqual(read(`~/${relative(homedir(), certificate("authority"))}`), [text("authority")]);
    assert.deepEqual(read(file("twice.pem", text("authority").repeat(2))), [
      text("authority"),
      text("authority"),
    ]);
    // One is of the future there, the other of the past here.
    assert.throws(() => read(bundle, now), /An authority, valid from 2026-/);
    assert.throws(() => read(bundle), /An authority of the past, valid from 2010-01-01 to 2020-01-01/);
  });

  it("are refused when there is none in the file, or no file", async () => {
    const key = "network.caCertificates[0]";
    const missing = join(folder, "missing.pem");
    assert.deepEqual(await refusal(missing), [[key, `${missing} (ENOENT)`, "Correct its path."]]);
    const empty = file("empty.pem", "-----BEGIN PRIVATE KEY-----\n");
    const [[, value = "", fix = ""] = []] = await refusal(empty);
    assert.deepEqual([value, fix.split(":")[0]], [`${empty} (no certificate)`, "Give it as PEM. From DER"]);
    const damaged = file("damaged.pem", text("authority").replace(/^MII/m, "MIX"));
    assert.match((await refusal(damaged))[0]?.[1] ?? "", /an unreadable certificate/);
  });

  it("are refused when they are a server's certificate", async () => {
    const [[, value, fix] = []] = await refusal(certificate("server"));
    assert.equal(value, `${certificate("server")} (CN=server.example.org)`);
    assert.equal(fix, "Give that of the authority that signs such certificates.");
  });
});

describe("a network's wheels", () => {
  const wheels = join(folder, "wheels");
  const archives = join(folder, "archives");
  const names = [`uv-${uv.version}-py3-none-any.whl`, "a-1-py3-none-any.whl"];
  before(() => {
    mkdirSync(wheels);
    for (const name of [...names, "notes.txt"]) writeFileSync(join(wheels, name), name);
  });

  it("are one archive, the same for the same wheels, without other files", async () => {
    const first = await wheelsArchive(wheels, archives);
    writeFileSync(join(wheels, "notes.txt"), "other");
    const second = await wheelsArchive(wheels, archives);
    assert.deepEqual(second, first);
    assert.match(first.id, /^[0-9a-f]{12}$/);
    const packed: string[] = [];
    await list({ file: first.archive, onReadEntry: ({ path }) => packed.push(path) });
    assert.deepEqual(packed, [...names].sort());
    writeFileSync(join(wheels, names[1] ?? ""), "another");
    assert.notEqual((await wheelsArchive(wheels, archives)).id, first.id);
  });

  it("are refused without the uv that installs all else", async () => {
    const empty = join(folder, "none");
    mkdirSync(empty);
    const [[key, value, fix] = []] = await refused(() => wheelsArchive(empty, archives));
    assert.deepEqual([key, value], ["network.wheels", `${empty} (0 wheels)`]);
    assert.match(fix ?? "", new RegExp(`uv==${uv.version.replaceAll(".", "\\.")}$`));
    const missing = join(folder, "missing");
    assert.deepEqual(await refused(() => wheelsArchive(missing, archives)), [
      ["network.wheels", `${missing} (ENOENT)`, "Correct its path."],
    ]);
  });
});

describe("the network of a machine", () => {
  const read = (settings: object, secrets: Partial<StackSecrets> = {}) =>
    networkArgs(networkSchema.parse(settings), secrets);

  it("is none on the open internet", async () => {
    assert.equal(await read({}), undefined);
  });

  it("has each authority once, and its credentials as secrets", async () => {
    const settings = {
      caCertificates: [certificate("authority"), certificate("authority")],
      proxy: "http://proxy.example.org:3128",
    };
    const args = await read(settings, { proxyCredentials: "me:-hush-" });
    assert.deepEqual(args?.caCertificates, [text("authority")]);
    const credentials = pulumi.output(args.proxyCredentials);
    assert.ok(await pulumi.isSecret(credentials));
    assert.equal(await valueOf(credentials), "me:-hush-");
    assert.ok(!("pythonIndexCredentials" in args));
  });

  it("tells every file that can't be used at once", async () => {
    const settings = { caCertificates: [certificate("server"), "missing.pem"], wheels: "missing" };
    const keys = (await refused(() => read(settings))).map(([key]) => key);
    assert.deepEqual(keys, ["network.caCertificates[0]", "network.caCertificates[1]", "network.wheels"]);
  });
});
