import { strict as assert } from "node:assert";

import { checkConfig, type RawConfig } from "../../components/settings/check";
import { secretSchema } from "../../components/settings/schema";

const s3 = { bucket: "backups" };
const secrets = { backupPassword: "p", backupAccessKeyId: "k", backupSecretAccessKey: "s" };

/** The problems of a configuration, `KEY: EXPECTED`. */
function problems(backup: object, more: RawConfig = {}): string[] {
  const config = { site: { name: "shop", domains: ["example.org"] }, app: { path: "." }, backup, ...more };
  const isSecret = (key: string): boolean => Object.hasOwn(secretSchema.shape, key) && key in config;
  return checkConfig(config, isSecret).problems.map(({ key, expected }) => `${key}: ${expected}`);
}

describe("the settings of backups", () => {
  it("may be left out, and name a schedule, a retention, a folder and a store", () => {
    assert.deepEqual(problems({}), []);
    const all = {
      schedule: "Sun 04:00 UTC",
      keepDaily: "30",
      keepWeekly: 0,
      keepMonthly: 0,
      folder: "/mnt/backups",
    };
    assert.deepEqual(problems(all), []);
    const store = { ...s3, endpoint: "http://127.0.0.1:9000", prefix: "all/shop", region: "garage" };
    assert.deepEqual(problems({ folder: "none", s3: store }, secrets), []);
    assert.deepEqual(problems({ folder: "none", schedule: "none" }), []);
  });

  for (const [what, backup, expected] of [
    [
      "a schedule of cron's",
      { schedule: "30 2 * * *" },
      /^backup\.schedule: none, or a calendar expression of/,
    ],
    ["a schedule of two lines", { schedule: "02:30\nOnBootSec=1" }, /^backup\.schedule: none, or a calendar/],
    ["no snapshot that is kept", { keepDaily: 0 }, /^backup\.keepDaily: 1 to 1000 snapshots$/],
    ["a relative folder", { folder: "backups" }, /^backup\.folder: none, or a folder's absolute path/],
    ["the root of the disk", { folder: "/" }, /^backup\.folder: none, or a folder's absolute path/],
    [
      "a way out of a folder",
      { folder: "/var/../etc" },
      /^backup\.folder: none, or a folder's absolute path/,
    ],
    [
      "a folder of the site's data",
      { folder: "/srv/shop/shared" },
      /^backup\.folder: a folder outside \/srv\/shop$/,
    ],
    [
      "nowhere to go",
      { folder: "none" },
      /^backup\.folder: a folder, or backup\.s3: somewhere to back up to$/,
    ],
    ["a store without a bucket", { s3: {} }, /^backup\.s3\.bucket: a bucket's name/],
    [
      "an address with a path",
      { s3: { ...s3, endpoint: "https://s3.org/x" } },
      /^backup\.s3\.endpoint: the address/,
    ],
    ["a prefix that leaves the bucket", { s3: { ...s3, prefix: "../x" } }, /^backup\.s3\.prefix: a path in/],
    [
      "a key of another name",
      { s3: { ...s3, acl: "public" } },
      /^backup\.s3\.acl: a key of the settings reference$/,
    ],
  ] as const) {
    it(`are not: ${what}`, () => {
      const [found, ...more] = problems(backup, "s3" in backup ? secrets : {});
      assert.match(found ?? "", expected);
      assert.deepEqual(more, []);
    });
  }

  for (const missing of Object.keys(secrets)) {
    it(`ask for ${missing} beside a store`, () => {
      const given = Object.fromEntries(Object.entries(secrets).filter(([key]) => key !== missing));
      assert.deepEqual(problems({ s3 }, given), [
        `${missing}: ${Object.keys(secrets).join(", ")}, beside backup.s3`,
      ]);
    });
  }

  it("do not take a password of two lines", () => {
    assert.deepEqual(problems({ s3 }, { ...secrets, backupPassword: "a\nb" }).length > 0, true);
  });
});
