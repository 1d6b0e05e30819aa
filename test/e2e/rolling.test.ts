import { strict as assert } from "node:assert";

import { assertNothingLost, EchoSite, type Release } from "../support/echoSite";
import { eventually, pause } from "../support/eventually";

describe("a site under load", () => {
  const site = new EchoSite();
  const { stack } = site;
  before(() => site.prepare());
  after(() => stack.close());

  const deploy = (name: string): Promise<void> => site.deploy(name);
  const assertWhole = (instances: number): Promise<void> => site.assertWhole(instances);

  it("is online", async () => {
    await deploy("one");
    await assertWhole(2);
  });

  it("is told what `check --deploy` warns of, and refused what it takes for an error", async () => {
    assert.match(stack.transcript, /\?: \(security\.W\d+\) /);
    const code = `from django.core import checks
checks.register(deploy=True)(lambda app_configs, **rest: [checks.Error("no licence", id="mysite.E001")])
`;
    site.write({ name: "unlicensed", package: code });
    const said = await stack.failedUp();
    assert.match(said, /\?: \(mysite\.E001\) no licence/);
    assert.match(said, /release \S+ does not pass its checks; the running release is untouched/);
    await assertWhole(2);
  });

  it("loses none of 20,000 requests to a deploy", async () => {
    const result = await site.load(20_000, () => deploy("two"));
    assertNothingLost(result, "one", "two");
    assert.ok(result.requests >= 20_000);
    await assertWhole(2);
  });

  it("lets a slow request end that began before", async () => {
    const slow = stack.http("/slow?seconds=12");
    await pause(0.5);
    await deploy("three");
    const { status, text } = await slow;
    assert.deepEqual([status, text], [200, "two slow"]);
  });

  const bad: Record<string, [Release, RegExp]> = {
    "cannot be imported": [
      { name: "broken", entry: 'raise ImportError("no way")' },
      /the last lines of .*gunicorn-\d\.log:[^]*ImportError: no way/,
    ],
    "answers its health check with an error": [
      { name: "ill", answer: "return HttpResponse('gone fishing', status=503)" },
      /mysite-gunicorn-\d answers 503, expected 200-399; its answer begins:\s+gone fishing/,
    ],
    "hangs while it is imported": [
      { name: "stuck", entry: "import time; time.sleep(600)" },
      /mysite-gunicorn-\d does not answer: .*timed out/,
    ],
    "hangs on every request": [
      { name: "slow", answer: "time.sleep(600)" },
      /mysite-gunicorn-\d does not answer: .*timed out/,
    ],
  };
  for (const [what, [release, reason]] of Object.entries(bad)) {
    it(`loses no request to a release that ${what}`, async () => {
      site.write(release);
      const result = await site.load(0, async () => {
        const said = await stack.failedUp();
        assert.match(said, reason);
        assert.match(
          said,
          new RegExp(`release \\S+ did not become healthy; ${site.release} is serving again`),
        );
      });
      assertNothingLost(result, "three");
      await assertWhole(2);
    });
  }

  it("is the old source's again without a change on the machine", async () => {
    site.write({ name: "three" });
    await stack.up();
    assert.equal(stack.output("release"), site.release);
    await stack.up("--expect-no-changes");
  });

  it("goes on when a deploy is killed half-way, and is whole after the next", async () => {
    const slow = stack.http("/slow?seconds=20");
    site.write({ name: "four" });
    const before = await site.upstream(2);
    const result = await site.load(0, async () => {
      const up = stack.failedUp();
      // The slow request holds one instance back while the other stands in for it.
      await eventually(60, async () => {
        assert.notDeepEqual(await site.upstream(2), before);
      });
      await stack.ssh("sudo pkill -9 -f '[a]ctivate@'");
      await up;
      await pause(2);
      await deploy("four");
    });
    assertNothingLost(result, "three", "four");
    assert.deepEqual((await slow).text, "three slow");
    await assertWhole(2);
  });

  describe("with one instance", () => {
    before(async () => {
      await site.configure({ instances: 1 });
      await deploy("lone");
      await assertWhole(1);
    });

    it("loses no request to a deploy", async () => {
      assertNothingLost(await site.load(0, () => deploy("five")), "lone", "five");
      await assertWhole(1);
    });

    it("loses no request to a release that hangs", async () => {
      site.write({ name: "slow", answer: "time.sleep(600)" });
      assertNothingLost(await site.load(0, () => stack.failedUp()), "five");
      await assertWhole(1);
    });
  });
});
