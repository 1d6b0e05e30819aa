import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import type { ZoneArgs } from "../args";

/** How long resolvers keep a record, in seconds: the time that a move of the address takes to be known. */
const ttl = 300;

/** The domain names' records: an A record each and, where there is an IPv6 address, an AAAA record. */
export function records(
  name: string,
  { id, names }: ZoneArgs,
  addresses: { ipv4: pulumi.Output<string>; ipv6: pulumi.Output<string> | undefined },
  opts: pulumi.CustomResourceOptions,
): aws.route53.Record[] {
  const record = (type: "A" | "AAAA", domain: string, address: pulumi.Output<string>) =>
    new aws.route53.Record(
      `${name}-${domain}-${type}`,
      { zoneId: id, name: domain, type, ttl, records: [address] },
      opts,
    );
  return names.flatMap((domain) => [
    record("A", domain, addresses.ipv4),
    ...(addresses.ipv6 ? [record("AAAA", domain, addresses.ipv6)] : []),
  ]);
}
