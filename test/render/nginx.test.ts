import { strict as assert } from "node:assert";

import {
  type HttpsSettings,
  type NginxSettings,
  type NginxSiteSettings,
  renderNginxDefault,
  renderNginxDefaultHttps,
  renderNginxHttps,
  renderNginxSite,
} from "../../components/render/nginx";
import { nginxSchema } from "../../components/settings/schema/nginx";
import { assertGolden } from "../support/golden";

const defaults: NginxSettings = nginxSchema.parse({});

const settings = (nginx: Partial<NginxSettings> = {}, site = "wepynaire"): NginxSiteSettings => ({
  ...{ site, instances: 2, domains: ["example.org", "www.example.org"], redirects: [], timeout: 30 },
  ...{ httpPort: 80, webSockets: false, nginx: { ...defaults, ...nginx } },
});

const render = (nginx: Partial<NginxSettings> = {}, site = "wepynaire", instances = 2): string =>
  renderNginxSite({ ...settings(nginx, site), instances });

const webSocketSite = (nginx: Partial<NginxSettings>, site: string): string =>
  renderNginxSite({ ...settings(nginx, site), webSockets: true });

const acme: HttpsSettings = {
  ...{ port: 443, hsts: 63_072_000, challenges: true },
  certificate: "/etc/letsencrypt/live/wepynaire/fullchain.pem",
  key: "/etc/letsencrypt/live/wepynaire/privkey.pem",
};
const provided: HttpsSettings = {
  ...{ port: 8443, hsts: 0, challenges: false },
  certificate: "/etc/django-server/wepynaire/tls.pem",
  key: "/etc/django-server/wepynaire/tls.pem",
};
const renderHttps = (https: HttpsSettings, changed: Partial<NginxSiteSettings> = {}): string =>
  renderNginxHttps({ ...settings(), ...changed }, https);

/** What one setting changes in the file: the lines that go, then those that come. */
function changes(nginx: Partial<NginxSettings>): string[] {
  const [before, after] = [render().split("\n"), render(nginx).split("\n")];
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line.trim()}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line.trim()}`),
  ];
}

describe("nginx's site", () => {
  const cases: Record<string, string> = {
    "nginx-defaults.conf": render(),
    "nginx-one-instance.conf": render({}, "a-b", 1),
    "nginx-limits-off.conf": render({ requestsPerSecond: 0, connections: 0, gzip: false }),
    "nginx-allow-from.conf": render({ allowFrom: ["203.0.113.0/24", "2001:db8::/32"] }),
    "nginx-snippet.conf": render({ snippet: "location = /robots.txt {\n    return 204;\n}\n" }),
    "nginx-headers.conf": render({ securityHeaders: { "Permissions-Policy": "camera=(), geolocation=()" } }),
    "nginx-web-sockets.conf": renderNginxSite({ ...settings(), webSockets: true }),
    "nginx-default-server.conf": renderNginxDefault(),
    "nginx-redirects.conf": renderNginxSite({ ...settings(), redirects: ["example.com"], httpPort: 8080 }),
    "nginx-acme.conf": renderNginxSite({ ...settings(), redirects: ["example.com"], https: acme }),
    "nginx-provided.conf": renderNginxSite({ ...settings(), httpPort: 8080, https: provided }),
    "nginx-acme-tls.conf": renderHttps(acme, { redirects: ["example.com"] }),
    "nginx-provided-tls.conf": renderHttps(provided),
    "nginx-default-server-tls.conf": renderNginxDefaultHttps(),
  };
  for (const [name, text] of Object.entries(cases))
    it(name, () => {
      assertGolden(name, text);
    });

  it("changes one line for one setting", () => {
    assert.deepEqual(changes({ bodySize: 50 }), [
      "- client_max_body_size 20m;",
      "+ client_max_body_size 50m;",
    ]);
    assert.deepEqual(changes({ connections: 100 }), [
      "- limit_conn wepynaire_connections 60;",
      "+ limit_conn wepynaire_connections 100;",
    ]);
    assert.deepEqual(changes({ staticMaxAge: 60 }), [
      '- add_header Cache-Control "public, max-age=3600";',
      '+ add_header Cache-Control "public, max-age=60";',
    ]);
  });

  it("places a snippet as it was written, so that nginx's line is the snippet's line", () => {
    const lines = render({ snippet: "\n  # mine\nadd_header X 1;\n\n" }).split("\n");
    const first = lines.findIndex((line) => line.endsWith("# snippet: begin")) + 1;
    assert.deepEqual(lines.slice(first, first + 4), [
      "",
      "  # mine",
      "add_header X 1;",
      "    # snippet: end",
    ]);
  });

  it("has no variable too long for nginx's hash, however long the site's name", () => {
    const headers = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`Cross-Origin-Embedder-Policy-${i}`, "1"]),
    );
    const text = webSocketSite({ securityHeaders: headers }, "a".repeat(30));
    const names = [...text.matchAll(/^map \S+ \$(\w+)/gm)].map((match) => match[1] ?? "");
    assert.equal(names.length, 13);
    // A bucket of 64 bytes holds two pointers, the length and the name, aligned to 8 bytes.
    assert.deepEqual(
      names.filter((name) => name.length > 46),
      [],
    );
  });

  it("shares no name with another site, and takes none of nginx's own variables", () => {
    const names = (text: string): string[] => [
      ...[...text.matchAll(/^map \S+ (\$\w+)/gm)].map((match) => match[1] ?? ""),
      ...[...text.matchAll(/zone=(\w+:)/g)].map((match) => match[1] ?? ""),
      ...[...text.matchAll(/^upstream (\S+)/gm)].map((match) => match[1] ?? ""),
    ];
    const headers = { "X-Cache": "1", Cache: "2", Time: "3" };
    const sites = ["shop", "shop-x", "http", "request"].map((site) =>
      names(webSocketSite({ securityHeaders: headers }, site)),
    );
    const all = sites.flat();
    assert.equal(all.length, 4 * 7);
    assert.equal(new Set(all).size, all.length);
    assert.deepEqual(
      all.filter((name) => name.startsWith("$") && !name.startsWith("$site_")),
      [],
    );
  });
});
