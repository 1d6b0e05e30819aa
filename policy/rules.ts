/** A resource as a rule sees it. */
export interface Subject {
  /** Such as `aws:ec2/instance:Instance`. */
  type: string;
  stack: string;
  /** Secrets among them are unwrapped. What a preview does not know throws when it is read. */
  inputs: Readonly<Record<string, unknown>>;
  protect: boolean;
}

/** What no stack may be without. */
export interface Rule {
  name: string;
  description: string;
  /** What is wrong with a resource, and what to do about it; nothing with one that the rule is not about. */
  violations: (subject: Subject) => string[];
}

/** A stack that visitors depend on, by its name. */
const isProduction = (stack: string): boolean => /^prod/.test(stack);

const instance = "aws:ec2/instance:Instance";
const volume = "aws:ebs/volume:Volume";

const when = (wrong: boolean, message: string): string[] => (wrong ? [message] : []);

/** A part of an input that is an object; empty where there is none. */
const part = (inputs: Subject["inputs"], name: string): Record<string, unknown> =>
  (inputs[name] ?? {}) as Record<string, unknown>;

interface Ingress {
  fromPort: number;
  toPort: number;
  protocol: string;
  cidrBlocks?: string[];
  ipv6CidrBlocks?: string[];
}

const sshIsNotOpenToTheWorld: Rule = {
  name: "ssh-not-open-to-the-world",
  description: "No security group lets the whole internet, or a large part of it, in to SSH.",
  violations: ({ type, inputs }) => {
    if (type !== "aws:ec2/securityGroup:SecurityGroup") return [];
    return ((inputs["ingress"] ?? []) as Ingress[])
      .filter(({ fromPort, toPort, protocol }) => protocol === "-1" || (fromPort <= 22 && 22 <= toPort))
      .flatMap(({ cidrBlocks = [], ipv6CidrBlocks = [] }) => [...cidrBlocks, ...ipv6CidrBlocks])
      .filter((network) => Number(network.split("/")[1]) < 8)
      .map((network) => `SSH is open to ${network}: name the networks that need it in machine.sshFrom.`);
  },
};

const disksAreEncrypted: Rule = {
  name: "disks-encrypted",
  description: "Root volumes and data volumes are encrypted.",
  violations: ({ type, inputs }) => [
    ...when(
      type === instance && part(inputs, "rootBlockDevice")["encrypted"] !== true,
      "The root volume is not encrypted: set rootBlockDevice.encrypted.",
    ),
    ...when(type === volume && inputs["encrypted"] !== true, "The volume is not encrypted: set encrypted."),
  ],
};

const metadataNeedsTokens: Rule = {
  name: "imdsv2-only",
  description: "An instance tells its metadata by IMDSv2 only: a request forged by the app gets none.",
  violations: ({ type, inputs }) =>
    when(
      type === instance && part(inputs, "metadataOptions")["httpTokens"] !== "required",
      'IMDSv1 answers: set metadataOptions.httpTokens to "required".',
    ),
};

const dataIsProtected: Rule = {
  name: "data-protected",
  description: "A data volume leaves a snapshot when it is deleted; in production it can't be deleted.",
  violations: ({ type, stack, inputs, protect }) => [
    ...when(
      type === volume && inputs["finalSnapshot"] !== true,
      "The data would be gone with the volume: set finalSnapshot.",
    ),
    ...when(
      type === volume && isProduction(stack) && !protect,
      "The data of production is not protected: set machine.protect to true.",
    ),
  ],
};

const hostKeysArePinned: Rule = {
  name: "host-key-pinned",
  description: "Every step knows the host key of the machine, and of the bastion, that it speaks to.",
  violations: ({ type, inputs }) => {
    if (!type.startsWith("command:remote:")) return [];
    const machine = part(inputs, "connection");
    const entries = [machine, ...(machine["proxy"] ? [machine["proxy"] as Record<string, unknown>] : [])];
    return entries
      .filter(({ hostKey }) => typeof hostKey !== "string" || hostKey === "")
      .map(({ host }) => `The host key of ${String(host)} is not pinned: anyone may answer in its place.`);
  },
};

const secretName = /SECRET|PASSW|TOKEN|PRIVATE|CREDENTIAL|API_?KEY|ACCESS_?KEY/i;
const secretValue = /-----BEGIN [A-Z ]*PRIVATE KEY|:\/\/[^\s/:@'"]+:[^\s/@'"]+@|\bAKIA[0-9A-Z]{16}\b/;

const nothingSecretIsPlain: Rule = {
  name: "no-plain-text-secret",
  description: "Command lines, tags and the plain part of the app's environment hold no secret.",
  violations: ({ type, inputs }) => {
    const places = ["create", "update", "delete", "dir"].map((name) => [name, inputs[name]] as const);
    const tags = Object.entries(part(inputs, "tags")).map(
      ([name, value]) => [`tags.${name}`, value] as const,
    );
    const shown = [...places, ...tags].filter(
      ([, value]) => typeof value === "string" && secretValue.test(value),
    );
    return [
      ...shown.map(([place]) => `${place} holds what looks like a secret, in plain text.`),
      ...(type === "command:remote:Command" ? plainVariables(inputs) : []),
    ];
  },
};

/** What the plain environment file of a site has that belongs to the secret one. */
function plainVariables({ create, stdin }: Subject["inputs"]): string[] {
  if (typeof create !== "string" || !/\/site-file@\w+ \S+ next\/environment\b/.test(create)) return [];
  const lines = String(stdin).matchAll(/^([A-Za-z_]\w*)=(.*)$/gm);
  return [...lines]
    .filter(([, name = "", value = ""]) => secretName.test(name) || secretValue.test(value))
    .map(([, name = ""]) => `${name} is kept in plain text: move it from environment to secretEnvironment.`);
}

/** What AWS lets have tags, of what a machine is made of. */
const taggable =
  /^aws:(ec2\/(vpc|subnet|internetGateway|routeTable|securityGroup|keyPair|instance|eip)|ebs\/volume|iam\/(role|instanceProfile)|dlm\/lifecyclePolicy|cloudwatch\/metricAlarm|sns\/topic):/;

const tagsArePresent: Rule = {
  name: "tags-present",
  description: "Everything at AWS says by its tags which project and stack it belongs to.",
  violations: ({ type, stack, inputs }) => {
    if (!taggable.test(type)) return [];
    const tags = part(inputs, "tags");
    return [
      ...when(typeof tags["project"] !== "string", "The tag `project` is missing."),
      ...when(tags["stack"] !== stack, `The tag \`stack\` is not ${stack}.`),
    ];
  },
};

export const rules: readonly Rule[] = [
  sshIsNotOpenToTheWorld,
  disksAreEncrypted,
  metadataNeedsTokens,
  dataIsProtected,
  hostKeysArePinned,
  nothingSecretIsPlain,
  tagsArePresent,
];
