import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { utils } from "ssh2";

import { machineArgs } from "../../components/settings/machine";
import { ownAddress } from "../../components/settings/ownAddress";
import { type StackSecrets } from "../../components/settings/schema";
import { machineSchema } from "../../components/settings/schema/machine";
import { SourceError } from "../../components/source";

const hostKey = `ssh-ed25519 ${"A".repeat(68)}`;
const key = utils.generateKeyPairSync("ed25519");
const encrypted = utils.generateKeyPairSync("ed25519", {
  passphrase: "hush",
  cipher: "aes256-ctr",
  rounds: 1,
});
const folder = mkdtempSync(join(tmpdir(), "settings-test-"));

const read = (settings: object, secrets: Partial<StackSecrets> = {}) =>
  machineArgs(machineSchema.parse({ kind: "ssh", host: "h.org", hostKey, ...settings }), secrets);

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function refused(settings: object, secrets: Partial<StackSecrets> = {}): Promise<string[][]> {
  const error = await read(settings, secrets).then(
    () => assert.fail("a machine that should have been refused"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof SourceError);
  assert.ok(!error.message.includes(encrypted.private.split("\n")[1] ?? ""));
  return error.problems.map((problem) => [problem.key, problem.value, problem.fix]);
}

after(() => {
  rmSync(folder, { recursive: true });
});

describe("the key of a machine", () => {
  it("is read from a file, also below ~, and is a secret", async () => {
    const path = file("id_ed25519", key.private);
    for (const privateKeyFile of [path, `~/${relative(homedir(), path)}`]) {
      const args = await read({ privateKeyFile });
      assert.ok(args.kind === "ssh" && pulumi.Output.isInstance<string>(args.privateKey));
      assert.ok(await pulumi.isSecret(args.privateKey));
      const text = await new Promise((resolve) => pulumi.output(args.privateKey).apply(resolve));
      assert.equal(text, key.private);
      assert.ok(!("privateKeyFile" in args));
    }
  });

  it("is refused when its file is missing or no file", async () => {
    const fix = "Correct its path, or make one: ssh-keygen -t ed25519";
    const missing = join(folder, "missing");
    assert.deepEqual(await refused({ privateKeyFile: missing }), [
      ["machine.privateKeyFile", `${missing} (ENOENT)`, fix],
    ]);
    assert.deepEqual(await refused({ privateKeyFile: folder }), [
      ["machine.privateKeyFile", `${folder} (EISDIR)`, fix],
    ]);
  });

  it("is refused when it has a passphrase", async () => {
    const fix = "Add it to the SSH agent (ssh-add) and set machine.agent to true instead.";
    const privateKeyFile = file("encrypted", encrypted.private);
    assert.deepEqual(await refused({ privateKeyFile }), [
      ["machine.privateKeyFile", "a key with a passphrase", fix],
    ]);
    assert.deepEqual(await refused({}, { sshPrivateKey: encrypted.private }), [
      ["sshPrivateKey", "a key with a passphrase", fix],
    ]);
  });

  it("is refused when it is the public half, or none", async () => {
    const fix = "Give the private half, which begins with -----BEGIN.";
    for (const text of [key.public, "hello", ""]) {
      const privateKeyFile = file("other", text);
      assert.deepEqual(await refused({ privateKeyFile }), [
        ["machine.privateKeyFile", "no private key", fix],
      ]);
    }
  });

  it("is refused together with the bastion's", async () => {
    const bastion = { host: "b.org", hostKey };
    const problems = await refused(
      { bastion, privateKeyFile: join(folder, "missing") },
      { bastionPrivateKey: "hello" },
    );
    assert.deepEqual(
      problems.map(([name]) => name),
      ["machine.privateKeyFile", "bastionPrivateKey"],
    );
  });

  it("is none where the agent has it", async () => {
    assert.deepEqual(await read({ agent: true }), { kind: "ssh", host: "h.org", hostKey, agent: true });
  });
});

describe("a machine at AWS", () => {
  const ec2 = (settings: object, domains: string[] = []) =>
    machineArgs(machineSchema.parse({ kind: "ec2", sshFrom: ["203.0.113.7"], ...settings }), {}, domains);

  it("is entered from networks: an address is one of its own", async () => {
    const args = await ec2({ sshFrom: ["203.0.113.7", "2001:db8::7", "198.51.100.0/24"] });
    assert.ok(args.kind === "ec2");
    assert.deepEqual(args.sshFrom, ["203.0.113.7/32", "2001:db8::7/128", "198.51.100.0/24"]);
  });

  it("gets records for the site's domains when a zone is given", async () => {
    const args = await ec2({ zone: "Z123" }, ["example.org", "www.example.org"]);
    assert.ok(args.kind === "ec2");
    assert.deepEqual(args.zone, { id: "Z123", names: ["example.org", "www.example.org"] });
  });

  it("has a key made for it unless one is given, which can't have a passphrase", async () => {
    assert.ok(!("privateKey" in (await ec2({}))));
    const refusal = await ec2({ privateKeyFile: file("ec2-encrypted", encrypted.private) }).then(
      () => assert.fail("a key with a passphrase"),
      (error: unknown) => error,
    );
    assert.ok(refusal instanceof SourceError);
    assert.match(refusal.message, /a key with a passphrase.*ssh-keygen -t ed25519 -N ''/);
  });
});

describe("this computer's own address", () => {
  const answering = (text: string, status = 200) =>
    ownAddress("machine.sshFrom", () => Promise.resolve(new Response(text, { status })));

  it("is what the service answers", async () => {
    assert.equal(await answering("203.0.113.7\n"), "203.0.113.7");
    assert.equal(await answering("2001:db8::7\n"), "2001:db8::7");
  });

  it("is a mistake of the setting when the service answers something else, or nothing", async () => {
    const mistake = (error: unknown): boolean =>
      error instanceof SourceError && error.problems[0]?.key === "machine.sshFrom";
    await assert.rejects(answering("<html>", 503), mistake);
    const fails = () => Promise.reject(new TypeError("fetch failed", { cause: new Error("ECONNREFUSED") }));
    await assert.rejects(ownAddress("machine.sshFrom", fails), mistake);
  });
});
