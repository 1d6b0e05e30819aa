import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";

import { renderTimers } from "../../components/render/timers";
import { timersSchema } from "../../components/settings/schema/processes";
import { assertGolden } from "../support/golden";

const of = { site: "shop", exec: "/opt/django-server/site-exec@0a1b2c3d", denied: [] as string[] };
const render = (timers: object, denied: string[] = []): Record<string, string> =>
  renderTimers({ ...of, denied }, timersSchema.parse(timers));

describe("the units of timers", () => {
  const cleanup = { command: "python manage.py clearsessions", schedule: "daily" };
  const report = { command: "make | mail", schedule: "Mon..Fri 06:30 UTC", timeout: 60 };

  for (const [name, text] of Object.entries(render({ cleanup, report }))) {
    it(`timers-${name}`, () => {
      assertGolden(`timers-${name}`, text);
    });
  }

  it("leave open only when in its first minutes a whole day's command runs", () => {
    const delays = ["minutely", "hourly", "daily", "weekly UTC", "06:30", "*:0/15"].map((schedule) =>
      /RandomizedDelaySec/.test(render({ a: { command: "x", schedule } })["shop-a.timer"] ?? ""),
    );
    assert.deepEqual(delays, [false, false, true, true, false, false]);
  });

  it("keep a command from what no program of a site may reach", () => {
    const text = render({ cleanup }, ["169.254.169.254"])["shop-cleanup.service"];
    assert.match(text ?? "", /^IPAddressDeny=169\.254\.169\.254$/m);
  });

  it("have every quote, dollar and percent sign as systemd's own quoting wants it", () => {
    const command = `printf '%s\\n' "$HOME" "100%" \\$x`;
    const text = render({ a: { command, schedule: "daily" } })["shop-a.service"] ?? "";
    const [, written = ""] = /^ExecStart=.* -c "(.*)"$/m.exec(text) ?? [];
    assert.equal(written, `printf '%%s\\\\n' \\"$$HOME\\" \\"100%%\\" \\\\$$x`);
  });

  it("have a schedule that systemd understands, where it can be asked", function () {
    const schedule = /^OnCalendar=(.*)$/m.exec(render({ report })["shop-report.timer"] ?? "")?.[1] ?? "";
    const { status, error } = spawnSync("systemd-analyze", ["calendar", schedule]);
    if (error) this.skip();
    assert.equal(status, 0);
  });
});
