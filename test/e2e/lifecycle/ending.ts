import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { containerStatus } from "../../../components/machine/container/container";
import { checkout } from "../../../tools/toolchain/environment";
import type { SampleSite } from "../../support/sampleSite";
import { secretOf } from "./environment";

/** The end of a site, and what was said in all its life. */
export function ending({ stack }: SampleSite): void {
  describe("destroy", () => {
    it("leaves nothing", async () => {
      assert.equal(await containerStatus(stack.name), "running");
      await stack.destroy();
      assert.equal(await containerStatus(stack.name), "absent");
      assert.ok(!existsSync(join(checkout, ".local/machines", stack.name)));
      assert.doesNotMatch(stack.state(), /"urn"/);
    });
  });

  describe("the engine", () => {
    it("never said a secret", () => {
      assert.ok(!stack.transcript.includes(secretOf()));
      assert.doesNotMatch(stack.transcript, /PRIVATE KEY/);
    });
  });
}
