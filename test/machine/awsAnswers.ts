import { generateKeyPair } from "../../components/machine/keys";

/** The keys that are made for a machine. */
export const keys = { host: generateKeyPair(), login: generateKeyPair() };

/** What AWS answers about a resource, as far as the machine asks. */
export function awsOutputs(type: string, name: string): object {
  switch (type) {
    case "command:local:Command":
      return { stdout: JSON.stringify(keys) };
    case "aws:ec2/eip:Eip":
      return { publicIp: "198.51.100.7", allocationId: "eipalloc-1" };
    case "aws:ec2/vpc:Vpc":
      return { ipv6CidrBlock: "2001:db8:1234:ab00::/56" };
    case "aws:ec2/subnet:Subnet":
      return { availabilityZone: "eu-central-1a" };
    case "aws:ec2/instance:Instance":
      return { ipv6Addresses: ["2001:db8:1234:ab00::7"] };
    default:
      return { arn: `arn:of:${name}` };
  }
}

const functions: Record<string, Record<string, unknown>> = {
  "aws:ssm/getParameter:getParameter": { value: "ami-newest", insecureValue: "ami-newest" },
  "aws:index/getRegion:getRegion": { region: "eu-central-1" },
  "aws:index/getPartition:getPartition": { partition: "aws" },
  "aws:ec2/getSubnet:getSubnet": { id: "subnet-given", vpcId: "vpc-given", availabilityZone: "eu-west-1b" },
};

/** What AWS answers to a call. */
export function answerAws(token: string): Record<string, unknown> {
  const answer = functions[token];
  if (answer === undefined) throw new Error(`unexpected call of ${token}`);
  return answer;
}
