import * as pulumi from "@pulumi/pulumi";

import type { Machine } from "../machine/machine";
import type { RemoteStepArgs } from "../remote/remoteStep";
import { renderFacts } from "../render/facts";
import type { HttpsSettings } from "../render/nginx";
import type { SiteArgs } from "./args";
import { healthHost } from "./health";

/** Where a site's certificate comes from. `hsts`: seconds for which browsers are told to use HTTPS alone; 0: they are not. */
export type TlsArgs =
  | { kind: "none" }
  /** By certbot from the ACME server with this directory (URL); it is told the e-mail address, where there is one. */
  | { kind: "acme"; directory: string; email?: string; hsts: number }
  /** PEM: the certificate with its chain, and its key. */
  | {
      kind: "provided";
      certificate: pulumi.Input<string>;
      privateKey: pulumi.Input<string>;
      hsts: number;
    }
  /** Made on the machine, and trusted by nobody. */
  | { kind: "self-signed"; hsts: number };

/** A site that is served by HTTPS. */
export type HttpsArgs = SiteArgs & { tls: Exclude<TlsArgs, { kind: "none" }> };

export const hasHttps = (args: SiteArgs): args is HttpsArgs => args.tls.kind !== "none";

/** All names that a certificate is for. */
export const certified = ({ domains, redirects }: SiteArgs): string[] => [...domains, ...redirects];

/** Where the certificate lies; certbot has a folder of its own, all others come with their key in one file. */
export function certificateFiles({ name, tls }: HttpsArgs): Pick<HttpsSettings, "certificate" | "key"> {
  const folder = `/etc/letsencrypt/live/${name}`;
  if (tls.kind === "acme") return { certificate: `${folder}/fullchain.pem`, key: `${folder}/privkey.pem` };
  const file = `/etc/django-server/${name}/tls.pem`;
  return { certificate: file, key: file };
}

export const httpsSettings = (args: HttpsArgs, port: number): HttpsSettings => ({
  ...certificateFiles(args),
  ...{ port, hsts: args.tls.hsts, challenges: args.tls.kind === "acme" },
});

/** Gets the certificate; in the end, takes it and all of HTTPS off the machine. */
export function certificateStep(args: HttpsArgs, machine: Machine): RemoteStepArgs {
  const { name } = args;
  const onDelete = { script: "https-remove", args: [name, machine.machineId] } as const;
  return { ...certificateRun(args), args: [name], onDelete };
}

function certificateRun(args: HttpsArgs): Pick<RemoteStepArgs, "script" | "stdin"> {
  const { tls } = args;
  const names = certified(args).join(" ");
  switch (tls.kind) {
    case "acme": {
      const { directory, email = "" } = tls;
      return { script: "certificate-acme", stdin: renderFacts({ directory, email, names }) };
    }
    case "provided":
      return { script: "certificate-provided", stdin: pemOf(tls) };
    case "self-signed":
      return { script: "certificate-self-signed", stdin: renderFacts({ names }) };
  }
}

const pemOf = ({ certificate, privateKey }: Extract<TlsArgs, { kind: "provided" }>): pulumi.Output<string> =>
  pulumi.secret(
    pulumi.all([certificate, privateKey]).apply((parts) => parts.map((part) => `${part.trim()}\n`).join("")),
  );

/** Serves the site by HTTPS, once its certificate is there. */
export function httpsStep(args: HttpsArgs, text: pulumi.Input<string>): RemoteStepArgs {
  const { name, health } = args;
  const asked = [healthHost(args), health.path, health.status];
  return {
    script: "nginx-https",
    args: [name, certificateFiles(args).certificate, ...asked, ...certified(args)],
    stdin: text,
  };
}
