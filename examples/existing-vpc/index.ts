import * as aws from "@pulumi/aws";

// In a project of your own: from "django-server".
import { defineSite, DjangoServer } from "../../components";

export = async () => {
  // The public subnets of the VPC of the team, by the tag that its network stack gives them.
  const { ids } = await aws.ec2.getSubnets({ tags: { tier: "public" } });
  const [subnetId] = ids.sort();
  if (subnetId === undefined) throw new Error("no subnet has the tag tier=public");

  const server = new DjangoServer("server", {
    machine: { kind: "ec2", subnetId, sshFrom: ["203.0.113.0/24"], instanceType: "t3.small" },
    sites: [
      await defineSite({
        name: "board",
        domains: ["board.example.org"],
        app: { path: "../wepynaire" },
        health: { path: "/healthz" },
      }),
    ],
  });
  return { address: server.address, operations: server.operations };
};
