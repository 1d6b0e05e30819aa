import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { generateKeyPair } from "../../components/machine/keys";
import { checkout, pulumiEnvironment } from "../../tools/toolchain/environment";
import { writeMinimalDjango } from "../support/minimalDjango";
import { StandInAws } from "../support/aws/standIn";
import { execute, type Run } from "../support/stack";

const stacks = ["local", "vps", "staging", "production"] as const;

describe("the stacks of this project", () => {
  const folder = mkdtempSync(join(tmpdir(), "stacks-test-"));
  const aws = new StandInAws();
  const env = {
    ...pulumiEnvironment(),
    ...aws.variables,
    ...{ PULUMI_BACKEND_URL: `file://${join(folder, "state")}`, PULUMI_CONFIG_PASSPHRASE: "stacks" },
    PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
  };
  const pulumi = (...args: string[]): Promise<Run> =>
    execute("pulumi", [...args, "--non-interactive", "--color", "never"], { env });

  before(() => {
    mkdirSync(join(folder, "state"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: django-server\nruntime: nodejs\n");
    // What Pulumi.vps.yaml takes for granted: a project, and the key of its owner.
    writeMinimalDjango(join(folder, "mysite"), join(checkout, "test/e2e/projects/requirements"));
    writeFileSync(join(folder, "id_ed25519"), generateKeyPair().privateKey, { mode: 0o600 });
  });
  after(async () => {
    await aws.close();
    rmSync(folder, { recursive: true });
  });

  /** A stack with the settings that the project has for it; of the vps's, the two paths are another person's. */
  async function preview(stack: string, change: (settings: string) => string = (text) => text): Promise<Run> {
    const file = join(folder, `Pulumi.${stack}.yaml`);
    const settings = readFileSync(join(checkout, `Pulumi.${stack}.yaml`), "utf8")
      .replace(/^encryptionsalt:.*\n/m, "")
      .replace("path: ../mysite", `path: ${join(folder, "mysite")}`)
      .replace("~/.ssh/id_ed25519", join(folder, "id_ed25519"));
    await pulumi("stack", "rm", "--stack", stack, "--cwd", folder, "--yes", "--force", "--preserve-config");
    rmSync(file, { force: true });
    assert.equal((await pulumi("stack", "init", stack, "--no-select", "--cwd", folder)).code, 0);
    const salt = /^encryptionsalt:.*\n/m.exec(readFileSync(file, "utf8"))?.[0] ?? "";
    writeFileSync(file, salt + change(settings));
    const run = ["preview", "--stack", stack, "--cwd", checkout, "--config-file", file, "--policy-pack"];
    const ended = await pulumi(...run, join(checkout, "policy"));
    // The language host that comes from a package registry is too old to run a pack that is a folder.
    return /failed to start: .*not supported/.test(ended.text)
      ? pulumi(...run, join(checkout, "policy", "run"))
      : ended;
  }

  for (const stack of stacks) {
    it(`${stack} can be previewed, and keeps to the policies`, async () => {
      const { code, text } = await preview(stack);
      assert.equal(code, 0, text);
      assert.match(text, /Resources:\n +\+ \d+ to create/);
      assert.match(text, /Policies:\n +✅ django-server/);
      assert.equal(/aws:ec2:Instance/.test(text), /staging|production/.test(stack));
    });
  }

  it("the example of a VPC that is there already can be previewed, and makes none", async () => {
    aws.account.put("subnet-0fedcba9876543210", {
      type: "aws:ec2/subnet:Subnet",
      properties: { vpcId: "vpc-1", availabilityZone: "eu-west-1b", tags: { tier: "public" } },
    });
    const program = ["--stack", "team", "--cwd", join(checkout, "examples/existing-vpc")];
    const file = join(folder, "existing-vpc", "Pulumi.team.yaml");
    mkdirSync(join(folder, "existing-vpc"));
    writeFileSync(join(folder, "existing-vpc", "Pulumi.yaml"), "name: existing-vpc\nruntime: nodejs\n");
    const beside = ["--no-select", "--cwd", join(folder, "existing-vpc")];
    assert.equal((await pulumi("stack", "init", "team", ...beside)).code, 0);
    const { code, text } = await pulumi("preview", ...program, "--config-file", file, "--diff");
    assert.equal(code, 0, text);
    assert.match(text, /subnetId +: "subnet-0fedcba9876543210"/);
    assert.match(text, /ami-debian-13-amd64/);
    assert.doesNotMatch(text, /ec2\/vpc:Vpc/);
    aws.account.remove("subnet-0fedcba9876543210");
  });

  it("production is refused by the policies when its data is not protected", async () => {
    const { code, text } = await preview("production", (settings) =>
      settings.replace("protect: true", "protect: false"),
    );
    assert.notEqual(code, 0);
    assert.match(text, /data-protected/);
    assert.match(text, /The data of production is not protected: set machine\.protect to true\./);
  });
});
