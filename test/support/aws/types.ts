import type { Properties } from "../../../tools/command-plugin/resource";
import type { Account } from "./account";
import { associate, disassociate, newAddress } from "./addresses";
import { createInstance, deleteInstance } from "./instance";
import { attach, createVolume, deleteVolume, detach, growVolume } from "./volumes";

/** A kind of resource, as far as AWS's rules for it matter here. */
export interface AwsType {
  /** What its ids begin with. */
  prefix: string;
  /** The inputs whose change makes another one. */
  replaces: readonly string[];
  /** The input that names it, where a name is made up when none is given. */
  named?: string;
  /** Inputs of other resources that refuse its deletion while they name its id: `type.input`. */
  neededBy?: readonly string[];
  /** Makes it; returns the outputs that are no inputs. May refuse. */
  create?: (account: Account, id: string, inputs: Properties) => Properties | Promise<Properties>;
  /** Changes it in place; gets what it was and what it is to be. */
  update?: (account: Account, id: string, old: Properties, inputs: Properties) => void;
  /** Ends it; refuses by throwing, as AWS does. */
  delete?: (account: Account, id: string, properties: Properties) => void | Promise<void>;
}

const arn = (_: Account, id: string): Properties => ({ arn: `arn:aws:stand-in::${id}` });

export const types: Record<string, AwsType> = {
  "aws:ec2/vpc:Vpc": {
    prefix: "vpc",
    replaces: ["cidrBlock"],
    neededBy: ["aws:ec2/subnet:Subnet.vpcId", "aws:ec2/securityGroup:SecurityGroup.vpcId"],
    create: () => ({ ipv6CidrBlock: "2001:db8:77:100::/56" }),
  },
  "aws:ec2/subnet:Subnet": {
    prefix: "subnet",
    replaces: ["vpcId", "cidrBlock", "availabilityZone"],
    neededBy: ["aws:ec2/instance:Instance.subnetId"],
    create: (_, _id, { availabilityZone = "eu-central-1a" }) => ({ availabilityZone }),
  },
  "aws:ec2/internetGateway:InternetGateway": { prefix: "igw", replaces: [] },
  "aws:ec2/routeTable:RouteTable": { prefix: "rtb", replaces: ["vpcId"] },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { prefix: "rtbassoc", replaces: ["subnetId"] },
  "aws:ec2/securityGroup:SecurityGroup": {
    prefix: "sg",
    named: "name",
    replaces: ["name", "description", "vpcId"],
  },
  "aws:ec2/keyPair:KeyPair": { prefix: "key", named: "keyName", replaces: ["keyName", "publicKey"] },
  "aws:ec2/instance:Instance": {
    prefix: "i",
    replaces: ["ami", "subnetId", "keyName", "associatePublicIpAddress", "ipv6AddressCount"],
    create: createInstance,
    delete: deleteInstance,
  },
  "aws:ec2/eip:Eip": {
    prefix: "eipalloc",
    replaces: ["domain"],
    neededBy: ["aws:ec2/eipAssociation:EipAssociation.allocationId"],
    create: async (account, id) => ({ allocationId: id, publicIp: await newAddress(account) }),
  },
  "aws:ec2/eipAssociation:EipAssociation": {
    prefix: "eipassoc",
    replaces: ["allocationId", "instanceId"],
    create: associate,
    delete: disassociate,
  },
  "aws:ec2/volumeAttachment:VolumeAttachment": {
    prefix: "vai",
    replaces: ["deviceName", "volumeId", "instanceId"],
    create: attach,
    delete: detach,
  },
  "aws:ebs/volume:Volume": {
    prefix: "vol",
    replaces: ["availabilityZone", "encrypted"],
    neededBy: ["aws:ec2/volumeAttachment:VolumeAttachment.volumeId"],
    create: createVolume,
    update: growVolume,
    delete: deleteVolume,
  },
  "aws:iam/role:Role": { prefix: "role", named: "name", replaces: ["name"], create: arn },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    prefix: "attachment",
    replaces: ["role", "policyArn"],
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    prefix: "profile",
    named: "name",
    replaces: ["name"],
    create: arn,
  },
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": { prefix: "policy", replaces: [], create: arn },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    prefix: "alarm",
    named: "name",
    replaces: ["name"],
    create: arn,
  },
  "aws:sns/topic:Topic": { prefix: "topic", named: "name", replaces: ["name"], create: arn },
  "aws:sns/topicSubscription:TopicSubscription": {
    prefix: "subscription",
    replaces: ["topic", "protocol", "endpoint"],
  },
  "aws:route53/record:Record": { prefix: "record", replaces: ["zoneId", "name", "type"] },
};
