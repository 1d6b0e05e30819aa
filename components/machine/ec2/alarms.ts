import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { tagsOf } from "./tags";
import { dataFolder } from "./userData";

type AlarmArgs = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  | "namespace"
  | "metricName"
  | "statistic"
  | "comparisonOperator"
  | "threshold"
  | "period"
  | "evaluationPeriods"
> & {
  alarmDescription: string;
  /** Further dimensions of the metric. */
  of?: Record<string, string>;
  /** What AWS does about it, as `arn:…:automate:REGION:ec2:ACTION` names it. */
  action?: "recover" | "reboot";
};

const atLeast = "GreaterThanOrEqualToThreshold";
const failedCheck = (metricName: string): Omit<AlarmArgs, "alarmDescription"> => ({
  ...{ namespace: "AWS/EC2", metricName, statistic: "Maximum", comparisonOperator: atLeast, threshold: 1 },
  ...{ period: 60, evaluationPeriods: 2 },
});
const full = (metricName: string, alarmDescription: string, of?: Record<string, string>): AlarmArgs => ({
  ...{ namespace: "CWAgent", metricName, statistic: "Average", comparisonOperator: atLeast, threshold: 85 },
  ...{ period: 300, evaluationPeriods: 3, alarmDescription },
  ...(of && { of }),
});

/** What is watched on every machine, by the alarm's name. */
const watched: Record<string, AlarmArgs> = {
  // AWS's own recipe: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/UsingAlarmActions.html
  system: {
    ...failedCheck("StatusCheckFailed_System"),
    alarmDescription: "AWS's hardware below the machine fails; the machine is moved.",
    action: "recover",
  },
  instance: {
    ...failedCheck("StatusCheckFailed_Instance"),
    alarmDescription: "The machine does not answer; it is restarted.",
    evaluationPeriods: 3,
    action: "reboot",
  },
  cpu: {
    ...{ namespace: "AWS/EC2", metricName: "CPUUtilization", statistic: "Average" },
    ...{ comparisonOperator: atLeast, threshold: 80, period: 300, evaluationPeriods: 3 },
    alarmDescription: "The processor has been busy for a quarter of an hour.",
  },
  memory: full("mem_used_percent", "The memory is nearly full."),
  disk: full("disk_used_percent", "The root volume is nearly full.", { path: "/" }),
  data: full("disk_used_percent", "The data volume is nearly full.", { path: dataFolder }),
};

/** Burstable machines alone have credits. */
const credits: AlarmArgs = {
  ...{ namespace: "AWS/EC2", metricName: "CPUCreditBalance", statistic: "Minimum" },
  ...{ comparisonOperator: "LessThanOrEqualToThreshold", threshold: 20, period: 300, evaluationPeriods: 3 },
  alarmDescription: "The credits of the burstable machine run out; it is about to slow down.",
};

export const isBurstable = (instanceType: string): boolean => /^t\d/.test(instanceType);

/** CloudWatch alarms on a machine. One that reports nothing about itself any more counts as in trouble. */
export function alarms(
  name: string,
  machine: { id: pulumi.Output<string>; instanceType: string; region: pulumi.Output<string> },
  email: string | undefined,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.MetricAlarm[] {
  const topic = email === undefined ? [] : [notify(name, email, opts)];
  const { partition } = aws.getPartitionOutput({}, opts);
  const all = { ...watched, ...(isBurstable(machine.instanceType) && { credits }) };
  return Object.entries(all).map(([suffix, { of, action, ...args }]) => {
    const automation = action && [
      pulumi.interpolate`arn:${partition}:automate:${machine.region}:ec2:${action}`,
    ];
    return new aws.cloudwatch.MetricAlarm(
      `${name}-${suffix}`,
      {
        ...args,
        dimensions: { InstanceId: machine.id, ...of },
        alarmActions: [...(automation ?? []), ...topic],
        okActions: topic,
        treatMissingData: args.namespace === "CWAgent" ? "breaching" : "missing",
        tags: tagsOf(name),
      },
      opts,
    );
  });
}

function notify(name: string, email: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const topic = new aws.sns.Topic(`${name}-alarms`, { tags: tagsOf(name) }, opts);
  new aws.sns.TopicSubscription(
    `${name}-alarms`,
    { topic: topic.arn, protocol: "email", endpoint: email },
    opts,
  );
  return topic.arn;
}
