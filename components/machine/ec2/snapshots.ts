import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { serviceRole } from "./role";
import { tagsOf } from "./tags";

/** The tag by which the policy finds a machine's data volume. */
export const snapshotTag = (name: string): Record<string, string> => ({
  "django-server:snapshots": name,
});

/** A snapshot of the data volume each night; the oldest is deleted when there are more than `kept`. */
export function nightlySnapshots(
  name: string,
  kept: number,
  opts: pulumi.CustomResourceOptions,
): aws.dlm.LifecyclePolicy {
  const { role, attached } = serviceRole(
    `${name}-snapshots`,
    "dlm",
    ["service-role/AWSDataLifecycleManagerServiceRole"],
    opts,
  );
  return new aws.dlm.LifecyclePolicy(
    name,
    {
      description: `Nightly snapshots of ${name}`,
      executionRoleArn: role.arn,
      policyDetails: {
        resourceTypes: ["VOLUME"],
        targetTags: snapshotTag(name),
        schedules: [
          {
            name: "nightly",
            createRule: { interval: 24, intervalUnit: "HOURS", times: "03:00" },
            retainRule: { count: kept },
            copyTags: true,
          },
        ],
      },
      tags: tagsOf(name),
    },
    { ...opts, dependsOn: attached },
  );
}
