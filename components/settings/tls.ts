import { isIP } from "node:net";

import * as pulumi from "@pulumi/pulumi";

import type { TlsArgs } from "../site/https";
import { Problems } from "../source/problems";
import { certificateProblems, expiryWarning } from "./certificate";
import { defined } from "./defined";
import type { StackSettings } from "./schema";
import { longHsts } from "./schema/tls";

type Settings<K> = Extract<StackSettings["tls"], { kind: K }>;

/** A certificate and its key, as text; an output is known to nobody yet, and not checked. */
export interface CertificateSecrets {
  tlsCertificate?: pulumi.Input<string> | undefined;
  tlsPrivateKey?: pulumi.Input<string> | undefined;
}

/** How a site is to be served, and what a preview says of it. */
export interface Tls {
  args: TlsArgs;
  findings: string[];
  warnings: string[];
}

const directories = new Map([
  ["letsencrypt", "https://acme-v02.api.letsencrypt.org/directory"],
  ["letsencrypt-staging", "https://acme-staging-v02.api.letsencrypt.org/directory"],
]);

/**
 * @param names all that the certificate is to be for
 * @param stack one whose name begins with prod gets certificates that browsers trust, unless it is told otherwise
 * @throws SourceError when no certificate can be had for these names, or the given one does not fit
 */
export function tlsArgs(
  settings: StackSettings["tls"],
  secrets: CertificateSecrets,
  names: readonly string[],
  stack: string,
): Tls {
  const problems = new Problems();
  if (settings.kind !== "none") checkNames(problems, settings, names);
  if (settings.kind !== "provided") checkNoCertificate(problems, secrets);
  switch (settings.kind) {
    case "none":
      problems.throwIfAny();
      return { args: { kind: "none" }, findings: [], warnings: [] };
    case "acme":
      problems.throwIfAny();
      return acme(settings, stack);
    case "self-signed":
      problems.throwIfAny();
      return { args: { kind: "self-signed", hsts: settings.hsts ?? 0 }, findings: [], warnings: [] };
    case "provided":
      return provided(settings, secrets, names, problems);
  }
}

function acme({ directory, email, hsts }: Settings<"acme">, stack: string): Tls {
  const chosen = directory ?? (/^prod/.test(stack) ? "letsencrypt" : "letsencrypt-staging");
  const set = (other: string): string => `pulumi config set --path tls.directory ${other}`;
  const hint =
    chosen === "letsencrypt-staging"
      ? `which browsers do not trust; for real ones: ${set("letsencrypt")}`
      : `which browsers trust; to try things out: ${set("letsencrypt-staging")}`;
  const finding = directories.has(chosen)
    ? `Certificates come from ${chosen}, ${hint}`
    : `Certificates come from ${chosen}.`;
  return {
    args: {
      ...{ kind: "acme", directory: directories.get(chosen) ?? chosen },
      ...defined({ email }),
      hsts: hsts ?? (chosen === "letsencrypt" ? longHsts : 0),
    },
    findings: [finding],
    warnings: [],
  };
}

function provided(
  { hsts = longHsts }: Settings<"provided">,
  { tlsCertificate, tlsPrivateKey }: CertificateSecrets,
  names: readonly string[],
  problems: Problems,
): Tls {
  for (const [key, value] of Object.entries({ tlsCertificate, tlsPrivateKey })) {
    const fix = `pulumi config set --secret ${key} < FILE`;
    if (value === undefined)
      problems.add({ key, value: "nothing", expected: "PEM, for tls.kind provided", fix });
  }
  if (typeof tlsCertificate === "string" && typeof tlsPrivateKey === "string")
    problems.all.push(...certificateProblems(tlsCertificate, tlsPrivateKey, names));
  problems.throwIfAny();
  const warning = typeof tlsCertificate === "string" ? expiryWarning(tlsCertificate) : undefined;
  return {
    args: {
      ...{ kind: "provided", hsts },
      certificate: pulumi.secret(pulumi.output(tlsCertificate ?? "")),
      privateKey: pulumi.secret(pulumi.output(tlsPrivateKey ?? "")),
    },
    findings: [],
    warnings: warning === undefined ? [] : [warning],
  };
}

/** Browsers name no host when they are sent to an address, so that no certificate can be chosen for it. */
function checkNames(
  problems: Problems,
  settings: Exclude<StackSettings["tls"], { kind: "none" }>,
  names: readonly string[],
): void {
  const publicOnly = settings.kind === "acme" && directories.has(settings.directory ?? "letsencrypt");
  const unfit = names.filter((name) => isIP(name) !== 0 || (publicOnly && !name.includes(".")));
  if (unfit.length === 0) return;
  problems.add({
    ...{ key: "site.domains", value: unfit.join(", ") },
    expected: publicOnly ? "names of the public DNS, for a certificate" : "names, for HTTPS: no addresses",
    fix: "Take it out of site.domains and site.redirects, or set tls.kind to none.",
  });
}

function checkNoCertificate(problems: Problems, secrets: CertificateSecrets): void {
  const key = secrets.tlsCertificate === undefined ? "tlsPrivateKey" : "tlsCertificate";
  if (secrets[key] === undefined) return;
  const fix = `pulumi config set --path tls.kind provided, or: pulumi config rm ${key}`;
  problems.add({ key, value: "[secret]", expected: "this key beside tls.kind provided only", fix });
}
