import * as pulumi from "@pulumi/pulumi";

import { defineSite, DjangoServer, type SiteSettings } from "../../../../components";

/** What `sites` of the stack's configuration describes, on a container. */
export = async () => {
  const settings = new pulumi.Config().requireObject<SiteSettings[]>("sites");
  const sites = await Promise.all(settings.map(defineSite));
  const server = new DjangoServer("machine", { machine: { kind: "container" }, sites });
  return {
    urls: server.sites.map((site) => site.url),
    address: server.address,
    ssh: server.ssh,
    operations: server.operations,
  };
};
