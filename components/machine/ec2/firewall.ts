import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Network } from "./network";
import { tagsOf } from "./tags";

type Rule = aws.types.input.ec2.SecurityGroupIngress;

const world = { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] };

/** The machine's security group: the web for all, SSH for the stated networks, every way out. */
export function firewall(
  name: string,
  { vpcId }: Pick<Network, "vpcId">,
  sshFrom: readonly string[],
  opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(
    name,
    {
      vpcId,
      description: "A web server",
      ingress: [web(80, "HTTP"), web(443, "HTTPS"), ssh(sshFrom)],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, ...world }],
      tags: tagsOf(name),
    },
    opts,
  );
}

const web = (port: number, description: string): Rule => ({
  ...{ protocol: "tcp", fromPort: port, toPort: port, description },
  ...world,
});

function ssh(networks: readonly string[]): Rule {
  const ipv6 = networks.filter((network) => network.includes(":"));
  const ipv4 = networks.filter((network) => !network.includes(":"));
  return {
    ...{ protocol: "tcp", fromPort: 22, toPort: 22, description: "SSH" },
    ...(ipv4.length > 0 && { cidrBlocks: ipv4 }),
    ...(ipv6.length > 0 && { ipv6CidrBlocks: ipv6 }),
  };
}
