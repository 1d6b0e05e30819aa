import { readFileSync } from "node:fs";
import { join } from "node:path";

import * as aws from "@pulumi/aws";
import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

import type { Ec2MachineArgs } from "./args";
import { alarms, isBurstable } from "./ec2/alarms";
import { firewall } from "./ec2/firewall";
import { architectureOf, images, newestImage } from "./ec2/image";
import { type Keys, newKeys } from "./ec2/keys";
import { givenNetwork, type Network, ownNetwork } from "./ec2/network";
import { records } from "./ec2/records";
import { instanceProfile } from "./ec2/role";
import { nightlySnapshots, snapshotTag } from "./ec2/snapshots";
import { tagsOf } from "./ec2/tags";
import { renderUserData } from "./ec2/userData";
import { publicKeyOf } from "./keys";
import { type Connection, Machine } from "./machine";

/** A virtual machine on AWS, with an address and a data volume that outlive it. */
export class Ec2Machine extends Machine {
  readonly machineId: pulumi.Output<string>;
  readonly connection: pulumi.Output<Connection>;
  readonly asRoot = "sudo -n ";
  readonly address: pulumi.Output<string>;
  readonly httpPort = pulumi.output(80);
  readonly httpsPort = pulumi.output(443);
  readonly ssh: pulumi.Output<string>;
  readonly resource: pulumi.Resource;
  // What cloud-init was given, the host key among it, stays there to be read.
  override readonly metadataAddresses = ["169.254.169.254", "fd00:ec2::254"];

  constructor(resource: string, args: Ec2MachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("django-server:machine:Ec2", resource, {}, opts);
    // AWS's own names are made from these: in an account that several stacks share, each shows its stack.
    const name = `${pulumi.getStack()}-${resource}`;
    const { instanceType = "t4g.small", system = "debian-13", protect = false, snapshots = 7 } = args;
    const own = { parent: this };
    const kept = { parent: this, protect };

    const network =
      args.subnetId === undefined
        ? ownNetwork(name, args.availabilityZone, own)
        : givenNetwork(args.subnetId, own);
    const address = new aws.ec2.Eip(name, { domain: "vpc", tags: tagsOf(name) }, kept);
    const data = dataVolume(name, network, args.dataSize, kept);
    const keys = newKeys(resource, kept);
    const { region } = aws.getRegionOutput({}, own);
    const login = pulumi
      .all([args.privateKey, keys])
      .apply(([given, made]) => given ?? made.login.privateKey);

    const instance = this.instance(name, { ...args, system, instanceType, protect }, network, {
      userData: pulumi.secret(pulumi.all([keys, region]).apply(([{ host }, at]) => renderUserData(host, at))),
      publicKey: publicHalf(login),
    });
    const attachment = new aws.ec2.VolumeAttachment(
      name,
      {
        deviceName: "/dev/sdf",
        volumeId: data.id,
        instanceId: instance.id,
        // What is written to it is on it when it goes on to another machine.
        stopInstanceBeforeDetaching: true,
      },
      { ...kept, deleteBeforeReplace: true },
    );
    const association = new aws.ec2.EipAssociation(
      name,
      { allocationId: address.allocationId, instanceId: instance.id },
      { ...kept, deleteBeforeReplace: true },
    );
    const connection = connectionTo(address.publicIp, images[system].login, login, keys);
    const ready = new remote.Command(
      `${resource}-ready`,
      {
        connection,
        create: pulumi.interpolate`sudo -n bash -s -- ${data.id}`,
        stdin: readFileSync(join(__dirname, "ec2", "ready.sh"), "utf8"),
        triggers: [instance.id, data.size],
        addPreviousOutputInEnv: false,
        logging: remote.Logging.None,
      },
      { parent: this, dependsOn: [attachment, association], deletedWith: instance },
    );

    if (snapshots > 0) nightlySnapshots(name, snapshots, own);
    alarms(name, { id: instance.id, instanceType, region }, args.alarmEmail, own);
    if (args.zone) records(name, args.zone, addressesOf(address, instance, network), own);

    this.resource = instance;
    this.machineId = instance.id;
    // Known in a preview, and not to be used before the machine is ready.
    this.connection = pulumi.secret(pulumi.all([connection, ready.urn]).apply(([entry]) => entry));
    this.address = address.publicIp;
    this.ssh =
      args.privateKey === undefined
        ? pulumi.output(`npm run ssh -- --stack ${pulumi.getStack()}`)
        : pulumi.interpolate`ssh ${images[system].login}@${address.publicIp}`;
    this.registerOutputs({ machineId: this.machineId, address: this.address, httpPort: this.httpPort });
  }

  private instance(
    name: string,
    args: Ec2MachineArgs & Required<Pick<Ec2MachineArgs, "system" | "instanceType" | "protect">>,
    network: Network,
    { userData, publicKey }: { userData: pulumi.Output<string>; publicKey: pulumi.Output<string> },
  ): aws.ec2.Instance {
    const { system, instanceType, protect } = args;
    const own = { parent: this };
    const architecture = architectureOf(instanceType);
    const key = new aws.ec2.KeyPair(name, { publicKey, tags: tagsOf(name) }, own);
    const group = firewall(name, network, args.sshFrom, own);
    const { profile, attached } = instanceProfile(name, own);
    return new aws.ec2.Instance(
      [name, system, architecture, ...(args.generation ? [args.generation] : [])].join("-"),
      {
        ami: newestImage(system, architecture, own),
        instanceType,
        subnetId: network.subnetId,
        vpcSecurityGroupIds: [group.id],
        keyName: key.keyName,
        iamInstanceProfile: profile.name,
        // The agents are fetched before the machine has its lasting address.
        associatePublicIpAddress: true,
        ...(network.ipv6 && { ipv6AddressCount: 1 }),
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: {
          encrypted: true,
          volumeType: "gp3",
          volumeSize: args.rootSize ?? 16,
          tags: tagsOf(name),
        },
        // Unlimited credits, the default of newer types, are charged for.
        ...(isBurstable(instanceType) && { creditSpecification: { cpuCredits: "standard" } }),
        disableApiTermination: protect,
        userData,
        tags: tagsOf(name),
      },
      {
        ...own,
        protect,
        dependsOn: [...network.ready, ...attached],
        // A newer image, or another first boot, never replaces a machine that runs: another name does.
        ignoreChanges: ["ami", "userData"],
      },
    );
  }
}

/** Encrypted, and never deleted without a last snapshot. */
const dataVolume = (
  name: string,
  { availabilityZone }: Network,
  size = 20,
  opts: pulumi.CustomResourceOptions,
): aws.ebs.Volume =>
  new aws.ebs.Volume(
    `${name}-data`,
    {
      ...{ availabilityZone, size, type: "gp3", encrypted: true, finalSnapshot: true },
      tags: { ...tagsOf(`${name}-data`), ...snapshotTag(name) },
    },
    // A volume can't move to another zone: an empty one would take its place.
    { ...opts, ignoreChanges: ["availabilityZone"] },
  );

const publicHalf = (privateKey: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.unsecret(privateKey.apply((text) => publicKeyOf(text) ?? ""));

const connectionTo = (
  host: pulumi.Output<string>,
  user: string,
  privateKey: pulumi.Output<string>,
  keys: pulumi.Output<Keys>,
): pulumi.Output<Connection> =>
  pulumi.secret({
    ...{ host, user, privateKey, port: 22, hostKey: keys.apply((made) => made.host.publicKey) },
    // A machine that boots refuses connections for a while.
    ...{ dialErrorLimit: 60, perDialTimeout: 15 },
  });

const addressesOf = (address: aws.ec2.Eip, instance: aws.ec2.Instance, { ipv6 }: Network) => ({
  ipv4: address.publicIp,
  ipv6: ipv6 ? instance.ipv6Addresses.apply(([first = ""]) => first) : undefined,
});
