import { type Mistake, container, ec2, hostKey, inFile, remove, set, ssh } from "./mistake";

const keyLine = "one line `ssh-ed25519 AAAA…`, as `ssh-keyscan -t ed25519 HOST` prints it behind the host";

/** Of the machine. */
export const machineMistakes: Mistake[] = [
  [
    "an unknown machine kind",
    { machine: { kind: "docker" } },
    ["machine.kind", '"docker"', "container, ssh or ec2", set("machine.kind")],
  ],
  [
    "a machine that is a text",
    { machine: "container" },
    ["machine", '"container"', "an object whose kind is container, ssh or ec2", inFile],
  ],
  [
    "an unknown system",
    container({ system: "centos-9" }),
    ["machine.system", '"centos-9"', "one of debian-13, debian-12, ubuntu-24.04", set("machine.system")],
  ],
  [
    "a port out of range",
    container({ httpPort: 70_000 }),
    ["machine.httpPort", "70000", "a port from 1 to 65535", set("machine.httpPort")],
  ],
  [
    "a port of zero",
    container({ sshPort: 0 }),
    ["machine.sshPort", "0", "a port from 1 to 65535", set("machine.sshPort")],
  ],
  [
    "a port with letters",
    container({ httpPort: "80a" }),
    ["machine.httpPort", '"80a"', "a port from 1 to 65535", set("machine.httpPort")],
  ],
  [
    "a port with a leading zero",
    container({ httpPort: "0808" }),
    ["machine.httpPort", '"0808"', "a port from 1 to 65535", set("machine.httpPort")],
  ],
  [
    "a machine at AWS without a word on who may enter",
    { machine: { kind: "ec2" } },
    [
      "machine.sshFrom",
      "nothing",
      "a list of networks such as [203.0.113.7/32], or auto: this computer's own address",
      set("'machine.sshFrom[0]'"),
    ],
  ],
  [
    "a machine at AWS that nobody may enter",
    ec2({ sshFrom: [] }),
    [
      "machine.sshFrom",
      "[]",
      "at least one network, or auto: this computer's own address",
      set("'machine.sshFrom[0]'"),
    ],
  ],
  [
    "a network that is none",
    ec2({ sshFrom: ["203.0.113.7/33"] }),
    [
      "machine.sshFrom[0]",
      '"203.0.113.7/33"',
      "an address or a network such as 203.0.113.0/24",
      set("'machine.sshFrom[0]'"),
    ],
  ],
  [
    "an instance type that is none",
    ec2({ instanceType: "small" }),
    ["machine.instanceType", '"small"', "an instance type such as t4g.small", set("machine.instanceType")],
  ],
  [
    "a subnet that is none",
    ec2({ subnetId: "vpc-1" }),
    [
      "machine.subnetId",
      '"vpc-1"',
      "a subnet's id such as subnet-0123456789abcdef0",
      set("machine.subnetId"),
    ],
  ],
  [
    "two keys for a machine at AWS",
    { ...ec2({ privateKeyFile: "k" }), sshPrivateKey: "k" },
    [
      "machine",
      "2 ways to log in",
      "at most one of machine.privateKeyFile and the secret sshPrivateKey",
      "Remove one: pulumi config rm --path machine.privateKeyFile",
    ],
  ],
  [
    "a key of the other machine kind",
    container({ host: "h" }),
    ["machine.host", "this key", "a key of the settings reference", remove("machine.host")],
  ],
  [
    "no way to log in",
    ssh({ agent: false }),
    [
      "machine",
      "no way to log in",
      "exactly one of machine.agent, machine.privateKeyFile and the secret sshPrivateKey",
      "For example: pulumi config set --path machine.privateKeyFile ~/.ssh/id_ed25519",
    ],
  ],
  [
    "two ways to log in",
    { ...ssh({ privateKeyFile: "k" }) },
    [
      "machine",
      "2 ways to log in",
      "exactly one of machine.agent, machine.privateKeyFile and the secret sshPrivateKey",
      "For example: pulumi config set --path machine.privateKeyFile ~/.ssh/id_ed25519",
    ],
  ],
  [
    "a missing host key",
    ssh({ hostKey: undefined }),
    ["machine.hostKey", "nothing", keyLine, set("machine.hostKey")],
  ],
  [
    "an RSA host key",
    ssh({ hostKey: "ssh-rsa AAAA" }),
    ["machine.hostKey", '"ssh-rsa AAAA"', keyLine, set("machine.hostKey")],
  ],
  [
    "a host key with its host",
    ssh({ hostKey: `h ${hostKey}` }),
    ["machine.hostKey", `"h ssh-ed25519 ${"A".repeat(42)}…`, keyLine, set("machine.hostKey")],
  ],
  [
    "a host that is an option",
    ssh({ host: "-oProxyCommand=id" }),
    ["machine.host", '"-oProxyCommand=id"', "a host name or an IP address", set("machine.host")],
  ],
  [
    "a bastion without a host key",
    ssh({ bastion: { host: "b.org" } }),
    ["machine.bastion.hostKey", "nothing", keyLine, set("machine.bastion.hostKey")],
  ],
  ...["0.0.0.0/0", "::/0", "0.0.0.0/1", "2000::/3"].map((world): Mistake => [
    `a machine at AWS that ${world} may enter`,
    ec2({ sshFrom: ["203.0.113.7", world] }),
    [
      "machine.sshFrom[1]",
      `"${world}"`,
      "a network of /8 or smaller, or of IPv6 /32 or smaller",
      set("'machine.sshFrom[1]'"),
    ],
  ]),
];
