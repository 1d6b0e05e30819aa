import { strict as assert } from "node:assert";

import { Ec2Machine } from "../../components/machine/ec2Machine";
import { rules, type Subject } from "../../policy/rules";
import { container, recordServer, server, siteArgs } from "../components/fixture";
import { answerAws, awsOutputs } from "../machine/awsAnswers";
import { record, type Recorded } from "../support/mocks";

const sound: Record<string, Subject["inputs"]> = {
  "aws:ec2/securityGroup:SecurityGroup": {
    ingress: [
      { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] },
      { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["203.0.113.0/24"] },
    ],
    tags: { project: "p", stack: "production" },
  },
  "aws:ec2/instance:Instance": {
    rootBlockDevice: { encrypted: true },
    metadataOptions: { httpTokens: "required" },
    tags: { project: "p", stack: "production" },
  },
  "aws:ebs/volume:Volume": {
    encrypted: true,
    finalSnapshot: true,
    tags: { project: "p", stack: "production" },
  },
  "command:remote:Command": {
    connection: { host: "h", hostKey: "ssh-ed25519 AAAA", proxy: { host: "b", hostKey: "ssh-ed25519 AAAA" } },
    create: "sudo -n /opt/django-server/site-file@0a1b2c3d wepynaire next/environment",
    stdin: "# Placed by django-server.\nCOLOUR=blue\nDEFAULT_FROM_EMAIL=hello@example.org\n",
  },
};

/** What is wrong with a sound resource after a change, by the rule that says so. */
function broken(
  type: string,
  change: Readonly<Record<string, unknown>>,
  of: Partial<Subject> = {},
): [string, string][] {
  const inputs = { ...sound[type], ...change };
  const subject = { type, stack: "production", protect: true, ...of, inputs };
  return rules.flatMap(({ name, violations }) =>
    violations(subject).map((violation): [string, string] => [name, violation]),
  );
}

describe("the policy pack", () => {
  it("has nothing against what is sound", () => {
    for (const type of Object.keys(sound)) assert.deepEqual(broken(type, {}), [], type);
  });

  const securityGroup = "aws:ec2/securityGroup:SecurityGroup";
  const ssh = { protocol: "tcp", fromPort: 22, toPort: 22 };
  for (const [what, rule] of [
    ["the world", { ...ssh, cidrBlocks: ["0.0.0.0/0"] }],
    ["the world's IPv6", { ...ssh, ipv6CidrBlocks: ["::/0"] }],
    ["a half of the world", { ...ssh, cidrBlocks: ["128.0.0.0/1"] }],
    ["the world, by a range of ports", { ...ssh, fromPort: 0, toPort: 1024, cidrBlocks: ["0.0.0.0/0"] }],
    ["the world, by every protocol", { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  ] as const) {
    it(`refuses SSH for ${what}`, () => {
      const [[name, violation] = [], ...others] = broken(securityGroup, { ingress: [rule] });
      assert.equal(name, "ssh-not-open-to-the-world");
      assert.match(violation ?? "", /SSH is open to .*\/[01]: .*machine\.sshFrom/);
      assert.deepEqual(others, []);
    });
  }

  const cases: [string, string, Parameters<typeof broken>][] = [
    ["a root volume in clear", "disks-encrypted", ["aws:ec2/instance:Instance", { rootBlockDevice: {} }]],
    ["a data volume in clear", "disks-encrypted", ["aws:ebs/volume:Volume", { encrypted: false }]],
    ["IMDSv1", "imdsv2-only", ["aws:ec2/instance:Instance", { metadataOptions: { httpTokens: "optional" } }]],
    [
      "an instance that says nothing of IMDS",
      "imdsv2-only",
      ["aws:ec2/instance:Instance", { metadataOptions: undefined }],
    ],
    [
      "data that would leave no snapshot",
      "data-protected",
      ["aws:ebs/volume:Volume", { finalSnapshot: false }],
    ],
    [
      "production's data without protection",
      "data-protected",
      ["aws:ebs/volume:Volume", {}, { protect: false }],
    ],
    [
      "a machine without a pinned host key",
      "host-key-pinned",
      ["command:remote:Command", { connection: { host: "h" } }],
    ],
    [
      "an upload to a machine without a pinned host key",
      "host-key-pinned",
      ["command:remote:CopyToRemote", { connection: { host: "h", hostKey: "" } }],
    ],
    [
      "a bastion without a pinned host key",
      "host-key-pinned",
      ["command:remote:Command", { connection: { host: "h", hostKey: "k", proxy: { host: "b" } } }],
    ],
    [
      "a password in the plain environment",
      "no-plain-text-secret",
      ["command:remote:Command", { stdin: "EMAIL_PASSWORD=hush\n" }],
    ],
    [
      "a URL with a password in the plain environment",
      "no-plain-text-secret",
      ["command:remote:Command", { stdin: "DATABASE=postgres://app:hush@db.example.org/app\n" }],
    ],
    [
      "a secret on a command line",
      "no-plain-text-secret",
      ["command:remote:Command", { create: "curl https://ada:hush@example.org" }],
    ],
    [
      "a secret in a tag",
      "no-plain-text-secret",
      [
        "aws:ec2/instance:Instance",
        { tags: { project: "p", stack: "production", key: "AKIAIOSFODNN7EXAMPLE" } },
      ],
    ],
    ["an instance without tags", "tags-present", ["aws:ec2/instance:Instance", { tags: { project: "p" } }]],
    [
      "a volume with another stack's tag",
      "tags-present",
      ["aws:ebs/volume:Volume", { tags: { project: "p", stack: "staging" } }],
    ],
  ];
  for (const [what, rule, resource] of cases) {
    it(`refuses ${what}`, () => {
      const found = broken(...resource);
      assert.deepEqual(
        found.map(([name]) => name),
        [rule],
      );
      assert.doesNotMatch(JSON.stringify(found), /hush/);
    });
  }

  it("lets a stack that is not production go without protection", () => {
    const staging = { stack: "staging", protect: false };
    assert.deepEqual(
      broken("aws:ebs/volume:Volume", { tags: { project: "p", stack: "staging" } }, staging),
      [],
    );
  });

  describe("has nothing against a server of this project", () => {
    const check = (resources: Iterable<Recorded>): void => {
      for (const { type, name, inputs, protect } of resources) {
        for (const rule of rules)
          assert.deepEqual(rule.violations({ type, stack: "local", inputs, protect }), [], `${type} ${name}`);
      }
    };

    it("on a container", async () => {
      check((await recordServer(container)).resources.values());
    });

    it("on a machine of one's own", async () => {
      check((await recordServer(server, [siteArgs()])).resources.values());
    });

    it("at AWS", async () => {
      const { resources } = await record(
        (opts) => new Ec2Machine("machine", { kind: "ec2", sshFrom: ["203.0.113.7/32"] }, opts),
        { call: answerAws, outputs: awsOutputs },
      );
      assert.ok(resources.size > 20);
      check(resources.values());
    });
  });
});
