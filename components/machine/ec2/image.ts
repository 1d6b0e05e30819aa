import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { Ec2System } from "../args";

export type Architecture = "amd64" | "arm64";

/** The architecture of an instance type: those of Graviton have a `g` behind their generation. */
export const architectureOf = (instanceType: string): Architecture =>
  /^(a1|[a-z]+\d+g[a-z]*)\./.test(instanceType) ? "arm64" : "amd64";

interface Image {
  /** The user who logs in, and may use sudo. */
  login: string;
  /** The public parameter in which its publisher keeps the newest image's id. */
  parameter: (architecture: Architecture) => string;
}

const debian = (release: number): Image => ({
  login: "admin",
  parameter: (architecture) => `/aws/service/debian/release/${release}/latest/${architecture}`,
});

/** https://wiki.debian.org/Cloud/AmazonEC2Image, https://documentation.ubuntu.com/aws */
export const images: Record<Ec2System, Image> = {
  "debian-13": debian(13),
  "debian-12": debian(12),
  "ubuntu-24.04": {
    login: "ubuntu",
    parameter: (architecture) =>
      `/aws/service/canonical/ubuntu/server/24.04/stable/current/${architecture}/hvm/ebs-gp3/ami-id`,
  },
};

/** The id of a system's newest image. No secret, though the provider takes every parameter for one. */
export const newestImage = (
  system: Ec2System,
  architecture: Architecture,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> =>
  aws.ssm.getParameterOutput({ name: images[system].parameter(architecture) }, opts).insecureValue;
