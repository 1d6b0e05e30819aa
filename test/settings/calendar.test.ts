import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";

import { isCalendar } from "../../components/settings/calendar";

const right = [
  ...["minutely", "daily", "weekly Europe/Berlin", "daily UTC", "06:30", "*:0/15", "*:*:0/5", "23:59:59"],
  ...["Mon", "MONDAY", "wednesday..fri", "Mon..Fri,Sun 10:00", "Mon..Fri 06:30 UTC", "10:00 Europe/Berlin"],
  ...["2026-11-28", "*-*-01 00:00 UTC", "03-05", "*-02~03", "*-*~1", "Mon *-05~07/1", "*-1..6/2-1"],
  ...["2026-*-1,15 8,18:00", "Sun *-*-1..7 04:00", "00:00:00 Etc/GMT+1", "*-*-* *:*", "*-02-31"],
  ...["2026-11-28 10:00:00 America/Argentina/Buenos_Aires"],
];
const wrong = [
  ...["", " daily", "daily ", "tomorrow", "5", "UTC", "Fri 13", "tues", "Sun..Tue", "Mon..", "hourly daily"],
  ...["*:70", "24:00", "10", "*-13-01", "10:5..1", "*:0/0", "*:*/15", "*-*-*/2", "10:00 Mon", "10:00:00:00"],
  ...["daily;id", "daily\nOnBootSec=1", "%H:00", "$(id)", "1..2..3:00", "-01-01", "1:", ":1"],
];

describe("a calendar expression", () => {
  for (const text of right) {
    it(`is ${text}`, () => {
      assert.ok(isCalendar(text));
    });
  }
  for (const text of wrong) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.ok(!isCalendar(text));
    });
  }

  it("is what systemd takes for one, where it can be asked", function () {
    if (spawnSync("systemd-analyze", ["--version"]).error) this.skip();
    const takes = (text: string): boolean => spawnSync("systemd-analyze", ["calendar", text]).status === 0;
    assert.deepEqual(right.filter(takes), right);
    // It takes an expression with spaces around it, too; nothing else that is wrong here.
    assert.deepEqual(wrong.filter(takes), [" daily", "daily "].filter(takes));
  });
});
