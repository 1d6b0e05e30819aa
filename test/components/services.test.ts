import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { databaseSchema } from "../../components/settings/schema/database";
import { redisSchema } from "../../components/settings/schema/redis";
import { container, recordServer, siteArgs } from "./fixture";

const database = (server: string) =>
  databaseSchema.parse({ server, variables: { DB_PASSWORD: "password", OUR_DATABASE: "url" } });
const redis = (server: string) => redisSchema.parse({ server, variables: { RESULTS: "url" } });

describe("an app's own names for what it is told of its services", () => {
  it("are the machine's variables by other names, where the machine makes them", async () => {
    const site = siteArgs({ database: database("machine"), redis: redis("machine") });
    const { step } = await recordServer(container, [site]);
    const lines = String(step("wepynaire-environment").inputs["stdin"]).split("\n").slice(1, 6);
    assert.deepEqual(lines, [
      ...[
        ". /etc/django-server/wepynaire/services/postgresql",
        ". /etc/django-server/wepynaire/services/redis",
      ],
      ...["DB_PASSWORD=$POSTGRES_PASSWORD", "OUR_DATABASE=$DATABASE_URL", "RESULTS=$REDIS_URL"],
    ]);
  });

  it("are secrets with the values of a URL, where that is given", async () => {
    const site = siteArgs({
      ...{ database: database("url"), databaseUrl: pulumi.secret("postgresql://u:it%27s@db.org/shop") },
      ...{ redis: redis("url"), redisUrl: pulumi.secret("redis://:pw@r.org/0") },
    });
    const { step } = await recordServer(container, [site]);
    const text = String(step("wepynaire-secrets").inputs["stdin"]);
    assert.match(text, /^DB_PASSWORD='it'\\''s'$/m);
    assert.match(text, /^OUR_DATABASE=postgresql:\/\/u:it%27s@db\.org\/shop$/m);
    assert.match(text, /^RESULTS='?redis:\/\/:pw@r\.org\/0'?$/m);
    assert.ok(step("wepynaire-secrets").secrets.includes("stdin"));
    assert.doesNotMatch(String(step("wepynaire-environment").inputs["stdin"]), /DB_PASSWORD|RESULTS/);
  });

  it("hold a part that there is", () => {
    const { error } = databaseSchema.safeParse({ server: "machine", variables: { DB: "pasword" } });
    assert.equal(error?.issues[0]?.message, "one of url, host, port, name, user, password");
  });
});
