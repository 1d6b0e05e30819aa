import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { tagsOf } from "./tags";

/** Where a machine stands. */
export interface Network {
  vpcId: pulumi.Output<string>;
  subnetId: pulumi.Output<string>;
  availabilityZone: pulumi.Output<string>;
  /** Whether machines there are given an IPv6 address; in a subnet of yours, its own setting decides. */
  ipv6: boolean;
  /** Machines can reach the world, and be reached. */
  ready: pulumi.Resource[];
}

/** A public subnet that is there already. */
export function givenNetwork(subnetId: pulumi.Input<string>, opts: pulumi.InvokeOptions): Network {
  const subnet = aws.ec2.getSubnetOutput({ id: subnetId }, opts);
  return {
    vpcId: subnet.vpcId,
    subnetId: subnet.id,
    availabilityZone: subnet.availabilityZone,
    ipv6: false,
    ready: [],
  };
}

/** A VPC with one public subnet for IPv4 and IPv6: the whole of it, as one machine needs no more. */
export function ownNetwork(
  name: string,
  availabilityZone: string | undefined,
  opts: pulumi.CustomResourceOptions,
): Network {
  const tags = tagsOf(name);
  const vpc = new aws.ec2.Vpc(
    name,
    {
      cidrBlock: "10.20.0.0/16",
      assignGeneratedIpv6CidrBlock: true,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags,
    },
    opts,
  );
  const subnet = new aws.ec2.Subnet(
    name,
    {
      vpcId: vpc.id,
      cidrBlock: "10.20.0.0/24",
      ipv6CidrBlock: vpc.ipv6CidrBlock.apply(firstSubnet),
      assignIpv6AddressOnCreation: true,
      ...(availabilityZone !== undefined && { availabilityZone }),
      tags,
    },
    opts,
  );
  const gateway = new aws.ec2.InternetGateway(name, { vpcId: vpc.id, tags }, opts);
  const toTheWorld = { gatewayId: gateway.id };
  const table = new aws.ec2.RouteTable(
    name,
    {
      vpcId: vpc.id,
      routes: [
        { cidrBlock: "0.0.0.0/0", ...toTheWorld },
        { ipv6CidrBlock: "::/0", ...toTheWorld },
      ],
      tags,
    },
    opts,
  );
  const route = new aws.ec2.RouteTableAssociation(
    name,
    { subnetId: subnet.id, routeTableId: table.id },
    opts,
  );
  return {
    vpcId: vpc.id,
    subnetId: subnet.id,
    availabilityZone: subnet.availabilityZone,
    ipv6: true,
    ready: [route],
  };
}

/** The first /64 of the /56 that a VPC gets. */
const firstSubnet = (block: string): string => block.replace(/\/56$/, "/64");
