import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { AcmeServer } from "../support/acmeServer";
import { startMachine, type TestMachine } from "../support/containerMachine";
import { eventually, meanwhile } from "../support/eventually";
import { ask, type HttpAnswer } from "../support/http";
import { askHttps, type HttpsOptions, shakeHands, statusByHttp2 } from "../support/https";
import { pinNote, stylesheetOf } from "../support/notes";
import { SampleSite } from "../support/sampleSite";
import type { Status } from "../../tools/verbs/statusLines";

describe("a site with HTTPS", () => {
  const site = new SampleSite();
  const { stack } = site;
  let machine: TestMachine;
  let acme: AcmeServer;
  let ca = "";

  before(async function () {
    this.timeout(400_000);
    machine = await startMachine();
    acme = new AcmeServer(machine);
    const { host, sshPort, user, hostKey, privateKeyFile, httpPort, httpsPort } = machine;
    await Promise.all([
      acme.start(),
      site.prepare({
        ...{ kind: "ssh", host, port: sshPort, user, hostKey, privateKeyFile },
        ...{ httpPort, httpsPort },
      }),
    ]);
    ca = await acme.authority();
  });
  after(async () => {
    await stack.close();
    await machine.stop();
  });

  const names = (domains: string[], redirects: string[] = []) => ({
    site: { name: "wepynaire", domains, redirects },
  });
  const http = (host: string, path = "/"): Promise<HttpAnswer> => ask(machine.httpPort, path, { host });
  const https = (host: string, path = "/", options: Partial<HttpsOptions> = {}): Promise<HttpAnswer> =>
    askHttps(machine.httpsPort, path, { host, ca, ...options });
  const location = ({ status, headers }: HttpAnswer): unknown => [status, headers.location];
  const serial = async (): Promise<string> =>
    (await shakeHands(machine.httpsPort, "example.org")).certificate.serialNumber;
  const root = (command: string): Promise<string> => machine.output(`sudo bash -c '${command}'`);

  describe("by an ACME server", () => {
    it("goes on by HTTP when no certificate is issued, and says why", async () => {
      await acme.lose("example.org");
      await site.configure({
        ...names(["example.org", "club.example.org"], ["www.example.org"]),
        tls: { kind: "acme", directory: acme.directory, hsts: 300 },
        // No redirect will do.
        health: { path: "/healthz", status: "200-200" },
      });
      const said = await stack.failedUp();
      assert.match(said, /^ *example\.org: \w+: .*example\.org/m);
      assert.match(
        said,
        /no certificate was issued; the site goes on to answer by HTTP\. Each name must lead/,
      );
      assert.equal((await http("example.org")).status, 200);
      assert.equal((await http("club.example.org")).status, 200);
      await assert.rejects(shakeHands(machine.httpsPort, "example.org"));
      await acme.lose("example.org", false);
    });

    it("has a certificate after one `pulumi up`", async () => {
      const said = await stack.up();
      assert.match(said, /Certificates come from https:\/\/localhost:14000\/dir\./);
      assert.equal(stack.output("url"), `https://example.org:${machine.httpsPort}`);
      const answer = await https("example.org");
      assert.equal(answer.status, 200);
      assert.match(answer.text, /<title>[^<]*Wepynaire/);
      assert.equal((await https("club.example.org", "/healthz")).status, 200);
      await stack.up("--expect-no-changes");
    });

    it("redirects what comes by HTTP, and further names, to the right port", async () => {
      const { httpsPort } = machine;
      assert.deepEqual(location(await http("club.example.org", "/notes/new/?a=b")), [
        301,
        `https://club.example.org:${httpsPort}/notes/new/?a=b`,
      ]);
      const first = [301, `https://example.org:${httpsPort}/a`];
      assert.deepEqual(location(await http("www.example.org", "/a")), first);
      assert.deepEqual(location(await https("www.example.org", "/a")), first);
    });

    it("tells browsers to use HTTPS alone, once in each answer", async () => {
      const page = await https("example.org");
      for (const path of ["/", "/no/such/page", stylesheetOf(page)]) {
        const told = (await https("example.org", path)).headerLines.filter((line) => /^strict-t/.test(line));
        assert.deepEqual(told, ["strict-transport-security: max-age=300"], path);
      }
      assert.ok(!("strict-transport-security" in (await http("example.org")).headers));
    });

    it("speaks HTTP/2, TLS 1.2 and 1.3, and nothing older", async () => {
      const { application, protocol } = await shakeHands(machine.httpsPort, "example.org");
      assert.deepEqual([application, protocol], ["h2", "TLSv1.3"]);
      const status = await statusByHttp2(machine.httpsPort, "/healthz", { host: "example.org", ca });
      assert.equal(status, 200);
      const only = (version: "TLSv1.1" | "TLSv1.2") =>
        shakeHands(machine.httpsPort, "example.org", {
          ...{ minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" },
        });
      assert.equal((await only("TLSv1.2")).protocol, "TLSv1.2");
      await assert.rejects(only("TLSv1.1"), /alert protocol version/);
    });

    it("shows no other name a certificate, and none to who asks for no name", async () => {
      await assert.rejects(shakeHands(machine.httpsPort, "other.example.org"), /unrecognized name/);
      await assert.rejects(shakeHands(machine.httpsPort, undefined), /unrecognized name/);
    });

    it("has cookies for HTTPS alone, and takes forms", async () => {
      const [cookie = ""] = (await https("example.org", "/notes/new/")).headers["set-cookie"] ?? [];
      assert.match(cookie, /^csrftoken=.*; Secure/);
      const pinned = await pinNote(
        {
          http: (path, options) => https("example.org", path, options),
          output: (name) => stack.output(name),
        },
        "By HTTPS",
      );
      assert.equal(pinned.status, 302, pinned.text);
      assert.match((await https("example.org")).text, /By HTTPS/);
    });

    it("tells in its status whose certificate nginx serves, and that nothing has drifted", async () => {
      const { code, text } = await stack.verb("status", ["--json"]);
      assert.equal(code, 0, text);
      const { certificate, site: up } = JSON.parse(text) as Status;
      assert.match(certificate?.issuer ?? "", /^Pebble Intermediate CA/);
      assert.deepEqual(certificate?.names.sort(), ["club.example.org", "example.org", "www.example.org"]);
      assert.equal(up.answer, 200);
      assert.match((await stack.verb("status")).text, /^certificate +\d+ days left +Pebble/m);
    });

    it("is renewed by certbot's timer without a lost request", async () => {
      assert.equal(await root("systemctl is-active certbot.timer"), "active");
      const before = await serial();
      // It lasts for five years: due from now on.
      await root(
        'echo "renew_before_expiry = 3650 days" | sed -i "1r /dev/stdin" /etc/letsencrypt/renewal/wepynaire.conf',
      );
      const answers = await meanwhile(
        () => https("example.org", "/healthz"),
        () =>
          root(
            "systemctl start certbot.service || { tail -n 40 /var/log/letsencrypt/letsencrypt.log; false; }",
          ),
      );
      assert.deepEqual([...new Set(answers)], [200]);
      // nginx's old workers answer for a moment after its reload.
      await eventually(5, async () => {
        assert.notEqual(await serial(), before);
      });
    });

    it("keeps the old certificate when a further name can't be certified", async () => {
      const before = await serial();
      await acme.lose("nope.example.org");
      await site.configure(names(["example.org", "club.example.org", "nope.example.org"]));
      const said = await stack.failedUp();
      assert.match(said, /^ *nope\.example\.org: \w+: /m);
      assert.match(said, /no certificate was issued; the one in use stays, until /);
      assert.equal(await serial(), before);
      assert.equal((await https("example.org", "/healthz")).status, 200);
      // Not served by HTTPS, it is not redirected there.
      assert.equal((await http("nope.example.org", "/healthz")).status, 200);
    });
  });

  describe("with a certificate of its own", () => {
    const made = (name: string, ...hosts: string[]): { tlsCertificate: string; tlsPrivateKey: string } => {
      const [key, certificate] = [join(stack.folder, `${name}.key`), join(stack.folder, `${name}.pem`)];
      const request = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "90",
        "-subj",
        `/CN=${name}`,
      ];
      const extension = `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}`;
      const files = ["-keyout", key, "-out", certificate];
      execFileSync("openssl", [...request, "-addext", extension, ...files], { stdio: "pipe" });
      return { tlsCertificate: readFileSync(certificate, "utf8"), tlsPrivateKey: readFileSync(key, "utf8") };
    };

    it("is refused before anything runs when the two do not fit the site", async () => {
      const pair = { ...made("one", "example.org"), tlsPrivateKey: made("two", "a.org").tlsPrivateKey };
      await site.configure(
        { ...names(["example.org", "club.example.org"]), tls: { kind: "provided" } },
        pair,
      );
      const said = await stack.preview();
      assert.match(said, /tlsPrivateKey: the key of another certificate/);
      assert.match(said, /tlsCertificate: not valid for club\.example\.org/);
    });

    it("serves it, in place of the one before", async () => {
      const pair = made("mine", "example.org", "*.example.org");
      await site.configure({ tls: { kind: "provided", hsts: 0 } }, pair);
      await stack.up();
      const answer = await https("club.example.org", "/healthz", { ca: pair.tlsCertificate });
      assert.equal(answer.status, 200);
      assert.ok(!("strict-transport-security" in answer.headers));
      assert.equal(await root("ls /etc/letsencrypt/renewal"), "");
      assert.equal(await root("stat -c %a:%U /etc/django-server/wepynaire/tls.pem"), "600:root");
      assert.equal((await stack.verb("status")).code, 0);
    });

    it("takes a renewed one without a lost request", async () => {
      const before = await serial();
      const pair = made("renewed", "example.org", "*.example.org");
      await site.configure({}, pair);
      const answers = await meanwhile(
        () => https("example.org", "/healthz", { rejectUnauthorized: false }),
        () => stack.up(),
      );
      assert.deepEqual([...new Set(answers)], [200]);
      assert.notEqual(await serial(), before);
      assert.ok(!stack.transcript.includes(pair.tlsPrivateKey.split("\n")[1] ?? ""));
      assert.ok(!stack.state().includes(pair.tlsPrivateKey.split("\n")[1] ?? ""));
    });
  });

  describe("that is tried out", () => {
    it("has a self-signed one when it is told to, which stays as it is", async () => {
      const both = names(["example.org", "club.example.org"]);
      await site.configure(
        { ...both, tls: { kind: "self-signed" } },
        { tlsCertificate: "", tlsPrivateKey: "" },
      );
      await stack.up();
      const { certificate } = await shakeHands(machine.httpsPort, "example.org");
      assert.equal(certificate.subjectaltname, "DNS:example.org, DNS:club.example.org");
      await stack.up("--config", "repair=once");
      assert.equal(await serial(), certificate.serialNumber);
      assert.equal((await stack.verb("status")).code, 0);
    });

    it("answers by HTTPS after a restore", async () => {
      assert.equal((await stack.verb("backup")).code, 0);
      const { code, text } = await stack.verb("restore", ["--yes"]);
      assert.equal(code, 0, text);
      assert.match(text, /^wepynaire by HTTPS answers .*200/m);
      assert.equal((await https("example.org", "/healthz", { rejectUnauthorized: false })).status, 200);
    });

    it("goes back to HTTP", async () => {
      await site.configure({ tls: { kind: "none" } });
      await stack.up();
      assert.equal((await http("example.org")).status, 200);
      await assert.rejects(shakeHands(machine.httpsPort, "example.org"));
      const left = "ls /etc/nginx/sites-available /etc/django-server/wepynaire /var/lib/django-server/https";
      assert.doesNotMatch(await root(left), /tls|example/);
    });

    it("is removed, and a certificate of somebody else's is not", async () => {
      await root("mkdir -p /etc/letsencrypt/renewal && touch /etc/letsencrypt/renewal/other.conf");
      await stack.destroy();
      assert.equal(await root("ls /etc/letsencrypt/renewal"), "other.conf");
      assert.match(await root("dpkg-query -W nginx"), /^nginx/);
    });
  });
});
