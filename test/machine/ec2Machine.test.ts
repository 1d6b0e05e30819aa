import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import type { Ec2MachineArgs } from "../../components/machine";
import { Ec2Machine } from "../../components/machine/ec2Machine";
import { generateKeyPair } from "../../components/machine/keys";
import { type Recorded, record, valueOf } from "../support/mocks";
import { answerAws, awsOutputs, keys } from "./awsAnswers";

async function provision(args: Partial<Ec2MachineArgs> = {}) {
  const parameters: unknown[] = [];
  const call = (token: string, inputs: Record<string, unknown>): Record<string, unknown> => {
    if (token.startsWith("aws:ssm/")) parameters.push(inputs["name"]);
    return answerAws(token);
  };
  const { built, resources } = await record(
    (opts) => new Ec2Machine("machine", { kind: "ec2", sshFrom: ["203.0.113.7/32"], ...args }, opts),
    { call, outputs: awsOutputs },
  );
  const all = [...resources.values()];
  const ofType = (type: string): Recorded[] => all.filter((resource) => resource.type.endsWith(`:${type}`));
  const only = (type: string): Recorded => {
    const [first, ...others] = ofType(type);
    assert.ok(first && others.length === 0, `not one ${type}, but ${others.length + (first ? 1 : 0)}`);
    return first;
  };
  return { machine: built, all, ofType, only, parameters };
}

interface CloudConfig {
  ssh_deletekeys: boolean;
  ssh_keys: object;
  write_files: { path: string; content: string }[];
  runcmd: string[][];
}

interface Rule {
  fromPort: number;
  toPort: number;
  protocol: string;
  cidrBlocks?: string[];
  ipv6CidrBlocks?: string[];
}

interface Alarm {
  metricName: string;
  namespace: string;
  dimensions: Record<string, string>;
  alarmActions: string[];
  treatMissingData: string;
}

describe("a machine of kind ec2", () => {
  describe("its network", () => {
    it("is a VPC of its own with one public subnet, by default", async () => {
      const { only } = await provision();
      assert.equal(only("Vpc").inputs["cidrBlock"], "10.20.0.0/16");
      assert.equal(only("Instance").inputs["subnetId"], only("Subnet").name + "-id");
      const routes = only("RouteTable").inputs["routes"] as Record<string, string>[];
      const gatewayId = "local-machine-id";
      assert.deepEqual(routes, [
        { cidrBlock: "0.0.0.0/0", gatewayId },
        { ipv6CidrBlock: "::/0", gatewayId },
      ]);
    });

    it("is there before the machine boots", async () => {
      const { only } = await provision();
      assert.ok(only("Instance").dependsOn.includes(only("RouteTableAssociation").name));
    });

    it("speaks IPv6 too: the first /64 of the VPC's /56, and an address for the machine", async () => {
      const { only } = await provision();
      assert.equal(only("Vpc").inputs["assignGeneratedIpv6CidrBlock"], true);
      assert.equal(only("Subnet").inputs["ipv6CidrBlock"], "2001:db8:1234:ab00::/64");
      assert.equal(only("Instance").inputs["ipv6AddressCount"], 1);
    });

    it("lies in the zone that is asked for", async () => {
      const { only } = await provision({ availabilityZone: "eu-central-1c" });
      assert.equal(only("Subnet").inputs["availabilityZone"], "eu-central-1c");
    });

    it("is a subnet of yours when one is given, and then no VPC is made", async () => {
      const { only, ofType } = await provision({ subnetId: "subnet-given" });
      for (const type of ["Vpc", "Subnet", "InternetGateway", "RouteTable"])
        assert.deepEqual(ofType(type), []);
      assert.equal(only("Instance").inputs["subnetId"], "subnet-given");
      assert.equal(only("SecurityGroup").inputs["vpcId"], "vpc-given");
      assert.equal(only("Volume").inputs["availabilityZone"], "eu-west-1b");
    });
  });

  describe("its firewall", () => {
    const rules = async (sshFrom: string[]) => {
      const { only } = await provision({ sshFrom });
      const group = only("SecurityGroup").inputs as { ingress: Rule[]; egress: Rule[] };
      const at = (port: number): Rule | undefined =>
        group.ingress.find(({ fromPort, toPort }) => fromPort <= port && port <= toPort);
      return { ...group, at };
    };

    it("opens 80 and 443 to all, over IPv4 and IPv6", async () => {
      const { at } = await rules(["203.0.113.7/32"]);
      for (const port of [80, 443]) {
        const { cidrBlocks, ipv6CidrBlocks } = at(port) ?? {};
        assert.deepEqual([cidrBlocks, ipv6CidrBlocks], [["0.0.0.0/0"], ["::/0"]]);
      }
    });

    it("opens 22 to the stated networks alone", async () => {
      const { at } = await rules(["203.0.113.7/32", "2001:db8::/48"]);
      const { cidrBlocks, ipv6CidrBlocks } = at(22) ?? {};
      assert.deepEqual([cidrBlocks, ipv6CidrBlocks], [["203.0.113.7/32"], ["2001:db8::/48"]]);
    });

    it("opens nothing else", async () => {
      const { ingress } = await rules(["203.0.113.7/32"]);
      assert.deepEqual(
        ingress.map(({ protocol, fromPort, toPort }) => [protocol, fromPort, toPort]),
        [
          ["tcp", 80, 80],
          ["tcp", 443, 443],
          ["tcp", 22, 22],
        ],
      );
    });
  });

  describe("its image", () => {
    const cases = [
      ["debian-13", "t4g.small", "/aws/service/debian/release/13/latest/arm64"],
      ["debian-12", "t3.micro", "/aws/service/debian/release/12/latest/amd64"],
      [
        "ubuntu-24.04",
        "c7gn.large",
        "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id",
      ],
    ] as const;
    for (const [system, instanceType, parameter] of cases) {
      it(`is ${system} for ${instanceType}, by its published parameter`, async () => {
        const { only, parameters } = await provision({ system, instanceType });
        assert.deepEqual(parameters, [parameter]);
        assert.equal(only("Instance").inputs["ami"], "ami-newest");
      });
    }

    it("stays for the machine's life, though newer ones are published", async () => {
      const { only } = await provision();
      assert.ok(only("Instance").ignoreChanges.includes("ami"));
    });

    it("changes with the machine: another system, architecture or generation is another resource", async () => {
      const changes = [{}, { system: "debian-12" }, { instanceType: "t3.small" }, { generation: 2 }] as const;
      const names: string[] = [];
      for (const change of changes) names.push((await provision(change)).only("Instance").name);
      assert.deepEqual(names, [
        "local-machine-debian-13-arm64",
        "local-machine-debian-12-arm64",
        "local-machine-debian-13-amd64",
        "local-machine-debian-13-arm64-2",
      ]);
    });

    it("is not another one for another size of the same architecture", async () => {
      const { only } = await provision({ instanceType: "t4g.large" });
      assert.equal(only("Instance").name, "local-machine-debian-13-arm64");
      assert.equal(only("Instance").inputs["instanceType"], "t4g.large");
    });
  });

  describe("the machine itself", () => {
    it("tells its metadata by IMDSv2 only, and not through a further hop", async () => {
      const { only } = await provision();
      assert.deepEqual(only("Instance").inputs["metadataOptions"], {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      });
    });

    it("keeps its sites from its metadata", async () => {
      const { machine } = await provision();
      assert.deepEqual(machine.metadataAddresses, ["169.254.169.254", "fd00:ec2::254"]);
    });

    it("has an encrypted gp3 root of the size that is asked for", async () => {
      const { only } = await provision({ rootSize: 30 });
      const { encrypted, volumeType, volumeSize } = only("Instance").inputs["rootBlockDevice"] as Record<
        string,
        unknown
      >;
      assert.deepEqual([encrypted, volumeType, volumeSize], [true, "gp3", 30]);
    });

    it("spends no more credits than it has, when it is burstable", async () => {
      const credits = async (instanceType: string): Promise<unknown> =>
        (await provision({ instanceType })).only("Instance").inputs["creditSpecification"];
      assert.deepEqual(await credits("t4g.micro"), { cpuCredits: "standard" });
      assert.equal(await credits("m7g.large"), undefined);
    });

    it("is not stopped or replaced for another first boot", async () => {
      const { only } = await provision();
      assert.ok(only("Instance").ignoreChanges.includes("userData"));
    });

    it("can be entered by Session Manager, and reports its disk and memory", async () => {
      const { only, ofType } = await provision({ snapshots: 0 });
      assert.equal(only("Instance").inputs["iamInstanceProfile"], only("InstanceProfile").inputs["name"]);
      const policies = ofType("RolePolicyAttachment").map(({ inputs }) => inputs["policyArn"]);
      assert.deepEqual(policies, [
        "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
      ]);
      const { Statement: trust } = JSON.parse(String(only("Role").inputs["assumeRolePolicy"])) as {
        Statement: unknown[];
      };
      assert.deepEqual(trust, [
        { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
      ]);
    });
  });

  describe("its first boot", () => {
    const userData = async () => {
      const { only } = await provision();
      const { inputs, secrets } = only("Instance");
      const text = String(inputs["userData"]);
      return { text, secrets, config: JSON.parse(text.replace(/^#cloud-config\n/, "")) as CloudConfig };
    };

    it("is cloud-init's, and short enough for EC2", async () => {
      const { text } = await userData();
      assert.match(text, /^#cloud-config\n\{/);
      assert.ok(text.length < 16_384, `${text.length} bytes`);
    });

    it("gives the machine the host key that is pinned", async () => {
      const { config } = await userData();
      assert.deepEqual(config.ssh_keys, {
        ed25519_private: keys.host.privateKey,
        ed25519_public: keys.host.publicKey,
      });
      assert.equal(config.ssh_deletekeys, true);
    });

    it("is a secret, as the host key in it is", async () => {
      const { secrets } = await userData();
      assert.ok(secrets.includes("userData"));
    });

    it("installs AWS's agents from the buckets of the region, with settings that name what is watched", async () => {
      const { config } = await userData();
      const [script, settings] = config.write_files;
      assert.deepEqual(config.runcmd[0]?.slice(-3), [script?.path, "eu-central-1", settings?.path]);
      assert.match(script?.content ?? "", /amazon-ssm-agent/);
      const { metrics } = JSON.parse(settings?.content ?? "") as {
        metrics: { metrics_collected: { disk: { resources: string[] } } };
      };
      assert.deepEqual(metrics.metrics_collected.disk.resources, ["/", "/data"]);
    });
  });

  describe("its keys", () => {
    it("are made before it, kept as secrets, and known to EC2 by the public half", async () => {
      const { only } = await provision();
      assert.equal(only("KeyPair").inputs["publicKey"], keys.login.publicKey);
      assert.deepEqual(only("KeyPair").secrets, []);
      assert.match(String(only("local:Command").inputs["create"]), /ec2\/generateKeys\.ts$/);
    });

    it("are yours when one is given", async () => {
      const { privateKey, publicKey } = generateKeyPair();
      const { machine, only } = await provision({ privateKey });
      assert.equal(only("KeyPair").inputs["publicKey"], publicKey);
      assert.equal((await valueOf(machine.connection)).privateKey, privateKey);
      assert.equal(await valueOf(machine.ssh), "ssh admin@198.51.100.7");
    });

    it("pin the machine from the first connection on, which is a secret", async () => {
      const { machine, only } = await provision({ system: "ubuntu-24.04" });
      const { dialErrorLimit, perDialTimeout, ...connection } = await valueOf(machine.connection);
      assert.deepEqual(connection, {
        ...{ host: "198.51.100.7", port: 22, user: "ubuntu" },
        ...{ privateKey: keys.login.privateKey, hostKey: keys.host.publicKey },
      });
      assert.ok(Number(dialErrorLimit) * 10 >= 300 && Number(perDialTimeout) > 0, "patience for a boot");
      assert.ok(await pulumi.isSecret(machine.connection));
      assert.ok(only("remote:Command").secrets.includes("connection"));
    });

    it("are not needed by a person: a verb enters the machine with what the stack knows", async () => {
      const { machine } = await provision();
      assert.equal(await valueOf(machine.ssh), "npm run ssh -- --stack local");
    });
  });

  describe("its data volume", () => {
    it("is encrypted, of type gp3 and the size that is asked for", async () => {
      const { only } = await provision({ dataSize: 100 });
      const { encrypted, type, size } = only("Volume").inputs;
      assert.deepEqual([encrypted, type, size], [true, "gp3", 100]);
    });

    it("leaves a snapshot when it is deleted", async () => {
      const { only } = await provision();
      assert.equal(only("Volume").inputs["finalSnapshot"], true);
    });

    it("is not replaced by an empty one in another zone", async () => {
      const { only } = await provision();
      assert.ok(only("Volume").ignoreChanges.includes("availabilityZone"));
    });

    it("goes on to the machine that replaces this one, which is stopped before", async () => {
      const { only } = await provision();
      const { inputs, deleteBeforeReplace } = only("VolumeAttachment");
      assert.equal(inputs["instanceId"], `${only("Instance").name}-id`);
      assert.equal(inputs["volumeId"], `${only("Volume").name}-id`);
      assert.equal(inputs["stopInstanceBeforeDetaching"], true);
      assert.ok(deleteBeforeReplace);
    });

    it("is mounted before any other step, on a machine that has booted and has its address", async () => {
      const { only } = await provision();
      const { inputs, dependsOn, deletedWith } = only("remote:Command");
      assert.equal(inputs["create"], "sudo -n bash -s -- local-machine-data-id");
      assert.match(String(inputs["stdin"]), /cloud-init status --wait[\s\S]*mount/);
      assert.deepEqual([...dependsOn].sort(), ["local-machine", "local-machine"]);
      assert.equal(deletedWith, only("Instance").name);
    });

    it("has a snapshot each night, of which as many are kept as is asked for", async () => {
      const { only, ofType } = await provision({ snapshots: 14 });
      const { resourceTypes, targetTags, schedules } = only("LifecyclePolicy").inputs["policyDetails"] as {
        resourceTypes: string[];
        targetTags: Record<string, string>;
        schedules: { createRule: object; retainRule: object }[];
      };
      assert.deepEqual(resourceTypes, ["VOLUME"]);
      const tags = only("Volume").inputs["tags"] as Record<string, string>;
      for (const [key, value] of Object.entries(targetTags)) assert.equal(tags[key], value);
      assert.ok(Object.keys(targetTags).length > 0);
      assert.deepEqual(
        schedules.map(({ createRule, retainRule }) => ({ createRule, retainRule })),
        [
          {
            createRule: { interval: 24, intervalUnit: "HOURS", times: "03:00" },
            retainRule: { count: 14 },
          },
        ],
      );
      const policies = ofType("RolePolicyAttachment").map(({ inputs }) => String(inputs["policyArn"]));
      assert.ok(policies.some((arn) => arn.endsWith("service-role/AWSDataLifecycleManagerServiceRole")));
    });

    it("has none when none are asked for", async () => {
      const { ofType } = await provision({ snapshots: 0 });
      assert.deepEqual(ofType("LifecyclePolicy"), []);
    });
  });

  describe("its address", () => {
    it("is an Elastic IP, which outlives the machine", async () => {
      const { machine, only } = await provision();
      assert.equal(only("Eip").inputs["domain"], "vpc");
      assert.equal(await valueOf(machine.address), "198.51.100.7");
      const { inputs, deleteBeforeReplace } = only("EipAssociation");
      assert.deepEqual(inputs, { allocationId: "eipalloc-1", instanceId: `${only("Instance").name}-id` });
      assert.ok(deleteBeforeReplace);
    });

    it("has records in Route 53 when a zone is given, for IPv4 and IPv6", async () => {
      const zone = { id: "Z123", names: ["example.org", "www.example.org"] };
      const { ofType } = await provision({ zone });
      const records = ofType("Record").map(({ inputs }) =>
        [inputs["zoneId"], inputs["name"], inputs["type"], ...(inputs["records"] as string[])].join(" "),
      );
      assert.deepEqual(records.sort(), [
        "Z123 example.org A 198.51.100.7",
        "Z123 example.org AAAA 2001:db8:1234:ab00::7",
        "Z123 www.example.org A 198.51.100.7",
        "Z123 www.example.org AAAA 2001:db8:1234:ab00::7",
      ]);
    });

    it("has no record otherwise", async () => {
      const { ofType } = await provision();
      assert.deepEqual(ofType("Record"), []);
    });
  });

  describe("its alarms", () => {
    const alarms = async (args: Partial<Ec2MachineArgs> = {}) => {
      const { ofType } = await provision(args);
      const all = ofType("MetricAlarm").map(({ inputs }) => inputs as unknown as Alarm);
      const on = (metric: string): Alarm[] => all.filter(({ metricName }) => metricName === metric);
      return { all, on, ofType };
    };

    it("go off when AWS's hardware fails, and the machine is recovered", async () => {
      const [alarm] = (await alarms()).on("StatusCheckFailed_System");
      assert.deepEqual(alarm?.alarmActions, ["arn:aws:automate:eu-central-1:ec2:recover"]);
    });

    it("go off when the machine does not answer, and it is rebooted", async () => {
      const [alarm] = (await alarms()).on("StatusCheckFailed_Instance");
      assert.deepEqual(alarm?.alarmActions, ["arn:aws:automate:eu-central-1:ec2:reboot"]);
    });

    it("watch the processor", async () => {
      assert.equal((await alarms()).on("CPUUtilization").length, 1);
    });

    it("watch the credits of a burstable machine, and of no other", async () => {
      assert.equal((await alarms({ instanceType: "t4g.nano" })).on("CPUCreditBalance").length, 1);
      assert.equal((await alarms({ instanceType: "c7g.large" })).on("CPUCreditBalance").length, 0);
    });

    it("watch memory and both disks by the agent, and its silence", async () => {
      const { on } = await alarms();
      const watched = [...on("mem_used_percent"), ...on("disk_used_percent")];
      assert.deepEqual(
        watched.map(({ namespace, dimensions: { path }, treatMissingData }) => [
          ...[namespace, path, treatMissingData],
        ]),
        [
          ["CWAgent", undefined, "breaching"],
          ["CWAgent", "/", "breaching"],
          ["CWAgent", "/data", "breaching"],
        ],
      );
    });

    it("are all about this machine", async () => {
      for (const { dimensions } of (await alarms()).all)
        assert.equal(dimensions["InstanceId"], "local-machine-debian-13-arm64-id");
    });

    it("are sent to an address when one is given", async () => {
      const { all, ofType } = await alarms({ alarmEmail: "ops@example.org" });
      const [subscription] = ofType("TopicSubscription");
      const { protocol, endpoint, topic } = subscription?.inputs ?? {};
      assert.deepEqual([protocol, endpoint], ["email", "ops@example.org"]);
      for (const { alarmActions } of all) assert.ok(alarmActions.includes(String(topic)));
    });

    it("only show otherwise", async () => {
      const { ofType } = await alarms();
      assert.deepEqual(ofType("Topic"), []);
    });
  });

  describe("in production", () => {
    it("can't be terminated, nor deleted here: the machine, its address, its data, its keys and what binds them", async () => {
      const { all, only } = await provision({ protect: true });
      assert.equal(only("Instance").inputs["disableApiTermination"], true);
      const types = all.filter(({ protect }) => protect).map(({ type }) => type);
      assert.deepEqual(types.sort(), [
        "aws:ebs/volume:Volume",
        "aws:ec2/eip:Eip",
        "aws:ec2/eipAssociation:EipAssociation",
        "aws:ec2/instance:Instance",
        "aws:ec2/volumeAttachment:VolumeAttachment",
        "command:local:Command",
      ]);
    });

    it("is what it is elsewhere when that is not asked for", async () => {
      const { all, only } = await provision();
      assert.equal(only("Instance").inputs["disableApiTermination"], false);
      assert.deepEqual(
        all.filter(({ protect }) => protect),
        [],
      );
    });
  });

  it("names the stack in all, and tags with it and the project what can be tagged", async () => {
    const { all } = await provision({ alarmEmail: "ops@example.org", zone: { id: "Z1", names: ["a.org"] } });
    const untaggable =
      /:(VolumeAttachment|EipAssociation|RouteTableAssociation|RolePolicyAttachment|TopicSubscription|Record)$/;
    const taggable = all.filter(({ type }) => type.startsWith("aws:") && !untaggable.test(type));
    assert.ok(taggable.length > 12);
    for (const { type, name, inputs } of taggable) {
      assert.match(name, /^local-machine/, type);
      const { project, stack, Name } = inputs["tags"] as Record<string, string>;
      assert.deepEqual([project, stack], ["django-server", "local"], type);
      assert.match(Name ?? "", /^local-machine/);
    }
  });
});
