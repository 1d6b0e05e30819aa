import * as pulumi from "@pulumi/pulumi";

// In a project of your own: from "django-server".
import { defineSite, DjangoServer } from "../../components";

export = async () => {
  const secrets = new pulumi.Config();
  const server = new DjangoServer("server", {
    machine: { kind: "container" },
    sites: [
      await defineSite({
        name: "board",
        domains: ["board.localhost"],
        app: { path: "../wepynaire" },
        health: { path: "/healthz" },
      }),
      await defineSite({
        name: "club",
        domains: ["club.localhost", "www.club.localhost"],
        app: { path: "../wepynaire" },
        health: { path: "/healthz" },
        // A smaller audience, and larger pictures.
        gunicorn: { instances: 1, workers: 1 },
        nginx: { bodySize: 50 },
        environment: { DEFAULT_FROM_EMAIL: "club@example.org" },
        secretEnvironment: { EMAIL_PASSWORD: secrets.getSecret("emailPassword") ?? "none yet" },
      }),
    ],
  });
  return {
    urls: server.sites.map((site) => site.url),
    ssh: server.ssh,
    operations: server.operations,
  };
};
