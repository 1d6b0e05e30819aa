import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hostText, runWith } from "./bash";

describe("why no certificate was issued", () => {
  const folder = mkdtempSync(join(tmpdir(), "certificate-test-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function told(said: string): Promise<string> {
    const log = join(folder, "log");
    writeFileSync(log, said);
    const [reasons = ""] = /^reasons\(\) \{[^]*?^\}/m.exec(hostText("certificate-acme.sh")) ?? [];
    const { status, stdout, stderr } = await runWith([], `${reasons}\nreasons "$1"`, [log]);
    assert.deepEqual([status, stderr], [0, ""]);
    return stdout;
  }

  it("is what the server says of each name, and none of certbot's words", async () => {
    const said = `Saving debug log to /var/log/letsencrypt/letsencrypt.log
Account registered.
Requesting a certificate for a.example.org and b.example.org

Certbot failed to authenticate some domains (authenticator: webroot). The Certificate Authority reported these problems:
  Domain: a.example.org
  Type:   dns
  Detail: DNS problem: NXDOMAIN looking up A for a.example.org - check that a DNS record exists for this domain

  Domain: b.example.org
  Type:   connection
  Detail: 203.0.113.7: Fetching http://b.example.org/.well-known/acme-challenge/x: Timeout during connect (likely firewall problem)

Hint: The Certificate Authority failed to download the temporary challenge files created by Certbot.

Some challenges have failed.
Ask for help or search for solutions at https://community.letsencrypt.org. See the logfile for more details.
`;
    assert.deepEqual(
      await told(said),
      [
        "a.example.org: dns: DNS problem: NXDOMAIN looking up A for a.example.org - check that a DNS record exists for this domain",
        "b.example.org: connection: 203.0.113.7: Fetching http://b.example.org/.well-known/acme-challenge/x: Timeout during connect (likely firewall problem)",
        "",
      ].join("\n"),
    );
  });

  it("is what certbot says where it did not come to that", async () => {
    const said = `Saving debug log to /var/log/letsencrypt/letsencrypt.log
An unexpected error occurred:
Error creating new order :: too many certificates already issued for: example.org
Ask for help or search for solutions at https://community.letsencrypt.org.
`;
    assert.equal(
      await told(said),
      "An unexpected error occurred:\nError creating new order :: too many certificates already issued for: example.org\n",
    );
  });
});
