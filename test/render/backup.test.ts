import { strict as assert } from "node:assert";

import {
  type BackupScripts,
  isScheduled,
  renderBackupFacts,
  renderBackupService,
  renderBackupTimer,
} from "../../components/render/backup";
import { backupSchema } from "../../components/settings/schema/backup";
import { assertGolden } from "../support/golden";

const scripts: BackupScripts = {
  backup: "/opt/django-server/backup@0a1b2c3d",
  databases: "/opt/django-server/databases@0a1b2c3d",
  exec: "/opt/django-server/site-exec@0a1b2c3d",
};
const s3 = { endpoint: "https://s3.example.org:9000", bucket: "backups", prefix: "a/b", region: "eu-1" };

describe("a site's backups", () => {
  it("backup-service.service", () => {
    assertGolden("backup-service.service", renderBackupService("shop", scripts));
  });
  it("backup-timer.timer", () => {
    assertGolden("backup-timer.timer", renderBackupTimer("shop", backupSchema.parse({})));
  });
  it("backup-settings-defaults.txt", () => {
    assertGolden(
      "backup-settings-defaults.txt",
      renderBackupFacts("shop", backupSchema.parse({}), scripts, true),
    );
  });
  it("backup-settings-s3.txt", () => {
    const backup = backupSchema.parse({ s3, folder: "none", keepDaily: 1, keepWeekly: 0, keepMonthly: 0 });
    assertGolden("backup-settings-s3.txt", renderBackupFacts("shop", backup, scripts, false));
  });

  it("go to the site's own prefix of a bucket, at Amazon, where nothing else is said", () => {
    const text = renderBackupFacts("shop", backupSchema.parse({ s3: { bucket: "all" } }), scripts, true);
    assert.match(text, /^repository s3:https:\/\/s3\.amazonaws\.com\/all\/shop$/m);
    assert.doesNotMatch(text, /^region/m);
  });

  it("have no timer where they are made only when asked for", () => {
    assert.deepEqual(
      ["none", "daily"].map((schedule) => isScheduled(backupSchema.parse({ schedule }))),
      [false, true],
    );
  });
});
