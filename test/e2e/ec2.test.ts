import { strict as assert } from "node:assert";
import { join } from "node:path";

import { runningEngines } from "../../components/machine/container/engine";
import { scripts } from "../../components/remote/scripts";
import { shellWord } from "../../components/render/shell";
import { checkout } from "../../tools/toolchain/environment";
import { capabilities, containerOf, hasCapability, obstacle, StandInAws } from "../support/aws/standIn";
import { countOf } from "../support/diff";
import { picture, pinNote } from "../support/notes";
import { SampleSite } from "../support/sampleSite";
import { skip } from "../support/skip";
import { Stack } from "../support/stack";

const instances = "ec2/instance:Instance";

describe("a site at AWS, for which a stand-in stands", () => {
  const aws = new StandInAws();
  const site = new SampleSite();
  const { stack } = site;
  const machine = { kind: "ec2", sshFrom: ["203.0.113.7/32"], dataSize: 20 };

  before(async function () {
    const reason = await obstacle();
    if (reason !== undefined) skip(this, reason);
    stack.variables = aws.variables;
    await site.prepare(machine);
    await site.configure({ site: { name: "wepynaire", domains: ["example.org"] } });
  });
  after(async () => {
    await stack.close().finally(() => aws.close());
  });

  /** A command on the machine, by the verb that a person uses. */
  async function onMachine(command: string): Promise<string> {
    const { code, text } = await stack.verb("ssh", [command]);
    assert.equal(code, 0, text);
    return text.trim();
  }

  /** What a command says that has the app's environment. */
  const withServices = (command: string): Promise<string> =>
    onMachine(
      `sudo -u wepynaire ${scripts["site-exec"].path} wepynaire sh -c ${shellWord(command)} 2>/dev/null`,
    );

  const redis = "REDISCLI_AUTH=$REDIS_PASSWORD redis-cli -p $REDIS_PORT";

  /** A note is on the board, and so is every picture. */
  async function keeps(title: string): Promise<void> {
    const page = (await stack.http("/")).text;
    assert.ok(page.includes(title), `${title} is not on the board`);
    const pictures = page.match(/\/media\/[^"]+/g) ?? [];
    assert.ok(pictures.length > 0, "no picture is on the board");
    for (const path of pictures) assert.deepEqual((await stack.http(path)).body, picture);
  }

  it("is online after one `pulumi up`", async () => {
    await stack.up();
    assert.equal((await stack.http("/")).status, 200);
    assert.equal(stack.output("url"), "http://example.org");
    assert.equal(stack.output("ssh"), `npm run ssh -- --stack ${stack.name}`);
  });

  it("changes nothing at a second one, though newer images are published", async () => {
    aws.publishImages();
    assert.match(await stack.up("--expect-no-changes"), /Resources:\n +\d+ unchanged\n/);
  });

  it("is entered by the host key that was made before it", async () => {
    const [instance = ""] = aws.ids(instances);
    const own = await onMachine("cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub");
    assert.ok(String(aws.account.get(instance)?.["userData"]).includes(`"${own}"`));
    assert.equal(await onMachine("ls /etc/ssh/ssh_host_*_key"), "/etc/ssh/ssh_host_ed25519_key");
  });

  it("has its data on the volume, not on the machine", async () => {
    const services = ["/etc/postgresql", "/var/lib/postgresql", "/var/lib/redis"];
    for (const folder of ["/srv", "/etc/django-server", "/etc/letsencrypt", ...services]) {
      const source = await onMachine(`findmnt --noheadings --output SOURCE ${folder}`);
      assert.match(source, new RegExp(`^/dev/loop\\d+\\[${folder}\\]$`));
    }
  });

  it("keeps the app from what the machine was booted with", async () => {
    const denied = await onMachine("systemctl show supervisor --property IPAddressDeny --value");
    assert.deepEqual(denied.split(" ").sort(), ["169.254.169.254/32", "fd00:ec2::254/128"]);
  });

  it("tells another stack of it, as the example has it", async () => {
    const folder = join(checkout, "examples/stack-reference");
    const reference = new Stack({ folder, project: "stack-reference" });
    reference.backend = stack.backend;
    try {
      await reference.init();
      await reference.configure({ server: `organization/django-server/${stack.name}` });
      await reference.up();
      assert.equal(reference.output("record"), `example.org. 300 IN A ${stack.output("address")}`);
      assert.equal(reference.output("release"), stack.output("release"));
    } finally {
      await reference.close();
    }
  });

  it("lets another network in without a touch to the machine", async () => {
    await site.configure({ machine: { ...machine, sshFrom: ["203.0.113.7/32", "198.51.100.0/24"] } });
    const said = await stack.up();
    assert.match(said, /Resources:\n +~ 1 updated\n +\d+ unchanged/);
  });

  it("keeps every row, upload and session on a machine that takes its place", async () => {
    assert.equal((await pinNote(stack, "A note from before")).status, 302);
    const key = await onMachine("sudo sha256sum /etc/django-server/wepynaire/generated");
    const [old = ""] = aws.ids(instances);
    await site.configure({ machine: { ...machine, generation: 2, system: "debian-12" } });
    await stack.up();
    const [fresh = "", ...others] = aws.ids(instances);
    assert.deepEqual(others, []);
    assert.notEqual(fresh, old);
    assert.match(await onMachine("cat /etc/os-release"), /bookworm/);
    await keeps("A note from before");
    assert.equal(await onMachine("sudo sha256sum /etc/django-server/wepynaire/generated"), key);
    assert.equal((await pinNote(stack, "A note from after")).status, 302);
  });

  it("grows its data volume in place, while the site serves", async function () {
    // What resize2fs needs of a kernel, root of a virtual machine may be without.
    if (!hasCapability(capabilities.sysResource))
      skip(this, "root may not resize a mounted file system here");
    const size = async (): Promise<number> =>
      Number((await onMachine("df --output=size /srv | tail -n 1")).trim());
    const before = await size();
    machine.dataSize = 40;
    await site.configure({ machine: { ...machine, generation: 2, system: "debian-12" } });
    const said = await stack.up();
    assert.equal(countOf(said, "created"), 0);
    assert.ok((await size()) > before * 1.8);
    assert.equal((await stack.http("/")).status, 200);
  });

  it("has nothing more to do then", async () => {
    await stack.up("--expect-no-changes");
    assert.equal((await stack.http("/")).status, 200);
  });

  it("goes on where an interrupted `pulumi up` stopped", async () => {
    const before = aws.ids(instances);
    await site.configure({ machine: { ...machine, generation: 3 } });
    await stack.interruptedUp(() => aws.ids(instances).length > before.length);
    await stack.up();
    assert.equal(aws.ids(instances).length, 1);
    await keeps("A note from before");
    await keeps("A note from after");
  });

  it("has PostgreSQL and Redis when it asks for them", async () => {
    const server = "machine";
    await site.configure({ database: { server }, redis: { server } });
    await stack.up();
    assert.equal(await withServices(`psql -qc "CREATE TABLE kept AS SELECT 'a row' AS what"`), "");
    assert.equal(await withServices(`${redis} SET kept value`), "OK");
  });

  it("comes back with all data when the machine is lost", async () => {
    const [lost = ""] = aws.ids(instances);
    await aws.lose(lost);
    await stack.run("refresh", "--yes", "--skip-preview");
    await stack.up();
    await keeps("A note from after");
    assert.equal(await withServices("psql -XAtc 'TABLE kept'"), "a row");
    assert.equal(await withServices(`${redis} GET kept`), "value");
  });

  it("agrees with what AWS has", async () => {
    await stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("refuses to part with a machine that is protected", async () => {
    const protectedMachine = { ...machine, generation: 3, protect: true };
    await site.configure({ machine: protectedMachine });
    await stack.up();
    await site.configure({ machine: { ...protectedMachine, generation: 4 } });
    const before = aws.ids(instances);
    const refusal = /cannot be deleted\s+because it is protected|currently marked for protection/;
    await assert.rejects(stack.run("up", "--yes"), refusal);
    assert.deepEqual(aws.ids(instances), before);
    assert.equal((await stack.http("/")).status, 200);
    await site.configure({ machine: { ...protectedMachine, protect: false } });
    await stack.up();
    assert.deepEqual(aws.ids(instances), before);
  });

  it("leaves nothing in the account when it is destroyed", async () => {
    const all = aws.ids(instances).map(containerOf);
    await stack.destroy();
    assert.deepEqual(aws.account.all(), {});
    for (const engine of await runningEngines()) {
      const names = await engine.run(["ps", "--all", "--format", "{{.Names}}"]);
      for (const name of all) assert.ok(!names.split("\n").includes(name));
    }
  });

  it("never showed a secret", () => {
    assert.doesNotMatch(stack.transcript, /PRIVATE KEY/);
  });
});
