import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { certificateProblems, expiryWarning } from "../../components/settings/certificate";
import { tlsSchema } from "../../components/settings/schema/tls";
import { tlsArgs } from "../../components/settings/tls";
import { SourceError } from "../../components/source/problems";

const names = ["example.org", "www.example.org"];
const acme = (settings: object, stack: string) =>
  tlsArgs(tlsSchema.parse({ kind: "acme", ...settings }), {}, names, stack);

/** The keys of what is refused, with what was found. */
function refused(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof SourceError) return error.problems.map(({ key, value }) => `${key}: ${value}`);
    throw error;
  }
  return [];
}

describe("HTTPS by the settings", () => {
  const staging = "https://acme-staging-v02.api.letsencrypt.org/directory";
  const real = "https://acme-v02.api.letsencrypt.org/directory";

  it("asks Let's Encrypt for real certificates in production alone, and says so", () => {
    const tried = acme({}, "staging");
    assert.deepEqual(tried.args, { kind: "acme", directory: staging, hsts: 0 });
    assert.match(
      tried.findings[0] ?? "",
      /letsencrypt-staging, .*: pulumi config set --path tls\.directory letsencrypt$/,
    );
    const trusted = acme({ email: "ada@example.org" }, "production");
    const told = { email: "ada@example.org", hsts: 63_072_000 };
    assert.deepEqual(trusted.args, { kind: "acme", directory: real, ...told });
    assert.match(
      trusted.findings[0] ?? "",
      /letsencrypt, .*: pulumi config set --path tls\.directory letsencrypt-staging$/,
    );
  });

  it("asks whom it is told to", () => {
    assert.equal((acme({ directory: "letsencrypt" }, "dev").args as { directory: string }).directory, real);
    const own = acme({ directory: "https://ca.example.com/acme/dir", hsts: 60 }, "production").args;
    assert.deepEqual(own, { kind: "acme", directory: "https://ca.example.com/acme/dir", hsts: 60 });
  });

  it("is refused to what can't be certified", () => {
    const of = (settings: object, ...given: string[]) =>
      refused(() => tlsArgs(tlsSchema.parse(settings), {}, given, "dev"));
    assert.deepEqual(of({ kind: "self-signed" }, "localhost", "127.0.0.1"), ["site.domains: 127.0.0.1"]);
    assert.deepEqual(of({ kind: "acme" }, "localhost", "a.org"), ["site.domains: localhost"]);
    assert.deepEqual(of({ kind: "acme", directory: "https://ca.lan/dir" }, "intranet"), []);
    assert.deepEqual(of({ kind: "none" }, "127.0.0.1"), []);
  });

  it("needs a certificate with its key where they are provided, and takes them nowhere else", () => {
    const settings = tlsSchema.parse({ kind: "provided" });
    const missing = refused(() => tlsArgs(settings, { tlsCertificate: pulumi.output("x") }, names, "dev"));
    assert.deepEqual(missing, ["tlsPrivateKey: nothing"]);
    const idle = refused(() => tlsArgs({ kind: "none" }, { tlsPrivateKey: "-hush-" }, names, "dev"));
    assert.deepEqual(idle, ["tlsPrivateKey: [secret]"]);
  });

  it("leaves what another resource makes unchecked, and secret", async () => {
    const made = { tlsCertificate: pulumi.output("x"), tlsPrivateKey: pulumi.output("y") };
    const { args } = tlsArgs(tlsSchema.parse({ kind: "provided" }), made, names, "dev");
    assert.ok(args.kind === "provided");
    assert.ok(await pulumi.isSecret(pulumi.output(args.privateKey)));
  });
});

describe("a certificate that is provided", () => {
  const folder = mkdtempSync(join(tmpdir(), "tls-test-"));
  const at = (file: string): string => join(folder, file);
  const text = (file: string): string => readFileSync(at(file), "utf8");
  const openssl = (...args: string[]): void => void execFileSync("openssl", args, { stdio: "pipe" });
  const days = (count: number): Date => new Date(Date.now() + count * 86_400_000);

  before(() => {
    const key = (file: string) => [
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-keyout",
      at(file),
    ];
    openssl(
      "req",
      "-x509",
      ...key("ca.key"),
      "-days",
      "100",
      "-subj",
      "/CN=An authority",
      "-out",
      at("ca.pem"),
    );
    const wanted = "subjectAltName=DNS:example.org,DNS:*.example.org";
    openssl("req", ...key("site.key"), "-subj", "/CN=site", "-addext", wanted, "-out", at("site.csr"));
    const signed = [
      "-CA",
      at("ca.pem"),
      "-CAkey",
      at("ca.key"),
      "-CAcreateserial",
      "-copy_extensions",
      "copy",
    ];
    openssl("x509", "-req", "-in", at("site.csr"), ...signed, "-days", "90", "-out", at("site.pem"));
    openssl("pkey", "-in", at("site.key"), "-aes256", "-passout", "pass:x", "-out", at("locked.key"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const found = (chain: string, key: string, hosts = names, now = new Date()): string[] =>
    certificateProblems(chain, key, hosts, now).map((problem) => `${problem.key}: ${problem.value}`);

  it("is right with its key, for these names, today, with its chain", () => {
    assert.deepEqual(found(text("site.pem") + text("ca.pem"), text("site.key")), []);
    assert.deepEqual(found(text("site.pem"), text("site.key")), []);
  });

  it("is refused with another key, or one that has a passphrase", () => {
    assert.deepEqual(found(text("site.pem"), text("ca.key")), [
      "tlsPrivateKey: the key of another certificate",
    ]);
    assert.deepEqual(found(text("site.pem"), text("locked.key")), [
      "tlsPrivateKey: a key that can't be read",
    ]);
  });

  it("is refused for other names, by which they are", () => {
    assert.deepEqual(
      found(text("site.pem"), text("site.key"), ["example.org", "a.b.example.org", "example.com"]),
      ["tlsCertificate: not valid for a.b.example.org, example.com"],
    );
  });

  it("is refused before and after its time", () => {
    for (const now of [days(91), days(-2)])
      assert.match(
        found(text("site.pem"), text("site.key"), names, now).join(),
        /^tlsCertificate: valid from .* to .*$/,
      );
  });

  it("is refused when it is not the first of its chain, or the chain is torn", () => {
    const turned = found(text("ca.pem") + text("site.pem"), text("site.key"));
    assert.ok(
      turned.includes("tlsCertificate: certificate 2 did not issue the one before"),
      turned.join("\n"),
    );
  });

  it("is refused when it is none", () => {
    assert.deepEqual(found("-hush-", text("site.key")), ["tlsCertificate: a certificate that can't be read"]);
    const broken = text("site.pem").replace(/\n.{40}/, `\n${"A".repeat(40)}`);
    assert.deepEqual(found(broken, text("site.key")), ["tlsCertificate: a certificate that can't be read"]);
  });

  it("is warned of in its last month", () => {
    assert.equal(expiryWarning(text("site.pem"), days(50)), undefined);
    assert.match(expiryWarning(text("site.pem"), days(70)) ?? "", /^tlsCertificate expires in 19 days, on /);
  });
});
