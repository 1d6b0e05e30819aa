import { strict as assert } from "node:assert";

import { containerStatus } from "../../components/machine/container/container";
import { countOf } from "../support/diff";
import { eventually } from "../support/eventually";
import { pinNote } from "../support/notes";
import { SampleSite } from "../support/sampleSite";

describe("the sample site on Debian 12", () => {
  const site = new SampleSite();
  const { stack } = site;
  before(() => site.prepare({ kind: "container", system: "debian-12" }));
  after(() => stack.close());

  it("goes online", async () => {
    await stack.up();
    assert.equal(await stack.ssh('. /etc/os-release && echo "$VERSION_ID"'), "12");
    assert.equal((await stack.http("/")).status, 200);
    assert.equal((await pinNote(stack, "A ladder to lend")).status, 302);
  });

  it("is not changed by a second deploy", async () => {
    await stack.up("--expect-no-changes");
  });

  it("is changed where a setting changes", async () => {
    await site.configure({ gunicorn: { instances: 1, threads: 2 }, nginx: { bodySize: 5 } });
    assert.equal(countOf(await stack.up(), "updated"), 4);
    assert.equal(await stack.ssh("sudo supervisorctl status | awk '{ print $1 }'"), "wepynaire-gunicorn-0");
    assert.equal(await stack.ssh("sudo ls /run/wepynaire"), "gunicorn-0.sock");
    assert.match((await stack.http("/")).text, /A ladder to lend/);
  });

  it("comes back after a reboot", async () => {
    await stack.reboot();
    await eventually(20, async () => {
      assert.match((await stack.http("/")).text, /A ladder to lend/);
    });
  });

  it("is gone after destroy", async () => {
    await stack.destroy();
    assert.equal(await containerStatus(stack.name), "absent");
  });
});
