import { strict as assert } from "node:assert";

import { backupSchema } from "../../components/settings/schema/backup";
import { valueOf } from "../support/mocks";
import { before, container, differences, recordServer, siteArgs } from "./fixture";

const s3 = { bucket: "backups" };
const stored = siteArgs({ backup: backupSchema.parse({ s3 }) });

describe("a site's backups, as a step", () => {
  it("are one text: the settings, the service and the timer", async () => {
    const { step } = await recordServer(container);
    const text = String(step("wepynaire-backup").inputs["stdin"]);
    assert.deepEqual(
      [...text.matchAll(/^==> (.*) <==$/gm)].map(([, name]) => name),
      ["settings", "wepynaire-backup.service", "wepynaire-backup.timer"],
    );
  });

  it("have no timer without a schedule", async () => {
    const backup = backupSchema.parse({ schedule: "none" });
    const { step, server } = await recordServer(container, [siteArgs({ backup })]);
    assert.doesNotMatch(String(step("wepynaire-backup").inputs["stdin"]), /OnCalendar/);
    assert.doesNotMatch(JSON.stringify((await valueOf(server.operations)).placed), /backup\.timer/);
  });

  it("have the keys of a store in a step of their own, as a secret", async () => {
    const { steps, step } = await recordServer(container, [stored]);
    const holding = [...steps.values()].filter(({ inputs }) => JSON.stringify(inputs).includes("-password-"));
    assert.deepEqual(
      holding.map(({ name }) => name),
      ["wepynaire-backup-secrets"],
    );
    assert.ok(step("wepynaire-backup-secrets").secrets.includes("stdin"));
    assert.match(String(step("wepynaire-backup-secrets").inputs["stdin"]), /^RESTIC_PASSWORD=-password-$/m);
    assert.ok(before(steps, "wepynaire-backup").has("wepynaire-backup-secrets"));
    assert.ok(!step("wepynaire-backup").secrets.includes("stdin"), "a secret would hide the diff");
  });

  it("change nothing but themselves", async () => {
    const [old, fresh] = [
      await recordServer(container),
      await recordServer(container, [siteArgs({ backup: backupSchema.parse({ keepDaily: 30 }) })]),
    ];
    assert.deepEqual(differences(old.steps, fresh.steps), ["wepynaire-backup.stdin"]);
  });

  it("are compared with what is on the machine later, and no sum tells a secret", async () => {
    const { server } = await recordServer(container, [stored]);
    const { placed, sites } = await valueOf(server.operations);
    const paths = placed.map((thing) => ("path" in thing ? thing.path : thing.name));
    for (const path of [
      "restic",
      "/etc/django-server/wepynaire/backup/settings",
      "/etc/django-server/wepynaire/backup/secrets",
      "/etc/systemd/system/wepynaire-backup.service",
      "/etc/systemd/system/wepynaire-backup.timer",
      "wepynaire-backup",
    ])
      assert.ok(paths.includes(path), path);
    for (const thing of placed)
      if (thing.kind === "file" && thing.mode === "0600") {
        assert.equal(thing.text, undefined, thing.path);
        assert.equal(thing.salt, "/etc/django-server/wepynaire/salt");
      }
    assert.match(sites[0]?.backup.restore ?? "", /^\/opt\/django-server\/restore@/);
  });
});
