import { z } from "zod";

import { containerSystems, ec2Systems } from "../../machine/args";
import { isNarrow } from "../network";
import { flag, host, hostKey, integer, network, oneLine, port, section, text, user } from "./values";

const containerMachine = section({
  kind: z.literal("container"),
  system: z.enum(containerSystems, { error: `one of ${containerSystems.join(", ")}` }).optional(),
  httpPort: port.optional(),
  httpsPort: port.optional(),
  sshPort: port.optional(),
});

const bastion = section({ host, port: port.optional(), user: user.optional(), hostKey });

const sshMachine = section({
  kind: z.literal("ssh"),
  host,
  hostKey,
  port: port.optional(),
  user: user.optional(),
  privateKeyFile: oneLine.optional(),
  agent: flag.optional(),
  bastion: bastion.optional(),
  address: host.optional(),
  httpPort: port.optional(),
  httpsPort: port.optional(),
});

/** Where a machine at AWS may be entered from: the world would try its passwords all day. */
const sshFrom = z.preprocess(
  (value) => (value === "auto" ? [value] : value),
  z
    .array(
      z.literal("auto").or(network.refine(isNarrow, "a network of /8 or smaller, or of IPv6 /32 or smaller")),
      { error: "a list of networks such as [203.0.113.7/32], or auto: this computer's own address" },
    )
    .min(1, "at least one network, or auto: this computer's own address"),
);

const ec2Machine = section({
  kind: z.literal("ec2"),
  sshFrom,
  system: z.enum(ec2Systems, { error: `one of ${ec2Systems.join(", ")}` }).optional(),
  instanceType: text("an instance type such as t4g.small", /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/).optional(),
  generation: integer("1 to 9999", 1, 9999).optional(),
  subnetId: text("a subnet's id such as subnet-0123456789abcdef0", /^subnet-[0-9a-f]{8,17}$/).optional(),
  availabilityZone: text("a zone such as eu-central-1a", /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/).optional(),
  privateKeyFile: oneLine.optional(),
  rootSize: integer("8 to 16384 GiB", 8, 16_384).optional(),
  dataSize: integer("1 to 16384 GiB", 1, 16_384).optional(),
  snapshots: integer("0 (none) to 1000 snapshots", 0, 1000).optional(),
  alarmEmail: text("an e-mail address", /^[^\s@]+@[^\s@]+\.[^\s@]+$/).optional(),
  zone: text("a hosted zone's id such as Z0123456789ABC", /^Z[A-Z0-9]{1,31}$/).optional(),
  protect: flag.optional(),
});

const kinds = "container, ssh or ec2";

export const machineSchema = z.discriminatedUnion("kind", [containerMachine, sshMachine, ec2Machine], {
  error: ({ input }) => (typeof input === "object" ? kinds : `an object whose kind is ${kinds}`),
});
