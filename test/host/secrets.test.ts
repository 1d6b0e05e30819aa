import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hostText, run } from "./bash";

describe("the last lines of a log", () => {
  const folder = mkdtempSync(join(tmpdir(), "secrets-test-"));
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** They, as they leave the machine of a site with these files of variables. */
  async function shown(files: Readonly<Record<string, string>>, log: string): Promise<string> {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(folder, "shop", file, ".."), { recursive: true });
      writeFileSync(join(folder, "shop", file), text);
    }
    const library = hostText("lib/secrets.sh").replaceAll("/etc/django-server", folder);
    const { status, stdout, stderr } = await run(
      ["bash", "-euc", `${library}\nsite=shop without_secrets`],
      log,
    );
    assert.deepEqual([status, stderr], [0, ""]);
    return stdout;
  }

  it("hold no value of a secret, in all its lines", async () => {
    const files = {
      generated: "SECRET_KEY='made here'\n",
      "next/secrets": "STRIPE_KEY=sk_live_1\nKEY='first line\nsecond line'\nSHORT=abc\n",
      "next/superuser": "DJANGO_SUPERUSER_USERNAME=adam\nDJANGO_SUPERUSER_PASSWORD='its a secret'\n",
    };
    const log = "made here, sk_live_1, first line, second line, its a secret; abc and adam stay\n";
    assert.equal(
      await shown(files, log),
      "[secret], [secret], [secret], [secret], [secret]; abc and adam stay\n",
    );
  });

  it("say where a service is, wherever that is, and not what opens it", async () => {
    const where = "POSTGRES_HOST=db.org POSTGRES_PORT=5432 PGDATABASE=shop PGUSER=shop";
    const word =
      "POSTGRES_PASSWORD=swordfish PGPASSWORD=swordfish DATABASE_URL=postgresql://shop:swordfish@db.org/shop";
    const own = "DB_HOST=db.org DB_PASS=swordfish";
    const lines = [where, word, own].join(" ").replaceAll(" ", "\n");
    const log =
      'at db.org, port 5432: no user "shop" with swordfish: postgresql://shop:swordfish@db.org/shop\n';
    const expected = 'at db.org, port 5432: no user "shop" with [secret]: [secret]\n';
    for (const file of ["next/secrets", "services/postgresql"]) {
      rmSync(folder, { recursive: true });
      assert.equal(await shown({ [file]: `${lines}\n` }, log), expected, file);
    }
  });

  it("hide a password that is a name as well", async () => {
    rmSync(folder, { recursive: true });
    const same = { "next/secrets": "PGUSER=shop\nPGPASSWORD=shop\n" };
    assert.equal(await shown(same, "it is shop\n"), "it is [secret]\n");
  });
});
