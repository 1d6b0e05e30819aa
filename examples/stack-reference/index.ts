import * as pulumi from "@pulumi/pulumi";

const server = new pulumi.StackReference(new pulumi.Config().require("server"));

/** What stands in a zone file: an A record for the site's own name. */
export const record = pulumi
  .all([server.requireOutput("url"), server.requireOutput("address")])
  .apply(([url, address]: string[]) => `${new URL(url ?? "").hostname}. 300 IN A ${address ?? ""}`);

/** The release that serves, for a status page. */
export const release = server.requireOutput("release");
