import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { tagsOf } from "./tags";

/** A role that an AWS service takes on, with policies of AWS's own. */
export function serviceRole(
  name: string,
  service: "ec2" | "dlm",
  policies: readonly string[],
  opts: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; attached: pulumi.Resource[] } {
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" },
    ],
  });
  const role = new aws.iam.Role(name, { assumeRolePolicy, tags: tagsOf(name) }, opts);
  const { partition } = aws.getPartitionOutput({}, opts);
  const attached = policies.map(
    (policy) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policy.replace(/.*\//, "")}`,
        { role: role.name, policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/${policy}` },
        opts,
      ),
  );
  return { role, attached };
}

/** What the machine itself may do at AWS: be entered by Session Manager, and report its disk and memory. */
export function instanceProfile(
  name: string,
  opts: pulumi.CustomResourceOptions,
): { profile: aws.iam.InstanceProfile; attached: pulumi.Resource[] } {
  const policies = ["AmazonSSMManagedInstanceCore", "CloudWatchAgentServerPolicy"];
  const { role, attached } = serviceRole(name, "ec2", policies, opts);
  return {
    profile: new aws.iam.InstanceProfile(name, { role: role.name, tags: tagsOf(name) }, opts),
    attached,
  };
}
