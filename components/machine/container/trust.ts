import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates in a PEM bundle that are not among the well-known roots: those a company or a test adds.
 * Compared by fingerprint, without duplicates and without what can't be read.
 */
export function extraCertificates(pemBundle: string, roots: readonly string[]): string[] {
  const known = new Set(roots.map(fingerprint));
  return (pemBundle.match(pemCertificate) ?? []).filter((pem) => {
    const print = fingerprint(pem);
    if (print === undefined || known.has(print)) return false;
    known.add(print);
    return true;
  });
}

function fingerprint(pem: string): string | undefined {
  try {
    return new X509Certificate(pem).fingerprint256;
  } catch {
    return undefined;
  }
}

/** Where an administrator puts certificate authorities: on Debian and Ubuntu, on Fedora and its kin. */
const anchors = ["/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors"];

/** The extra certificate authorities that this computer was told to trust: by the usual variables, or for all programs. */
export function trustedHere(environment: NodeJS.ProcessEnv, folders: readonly string[] = anchors): string[] {
  const bundles = [environment["NODE_EXTRA_CA_CERTS"], environment["SSL_CERT_FILE"]]
    .filter((path): path is string => path !== undefined)
    .concat(folders.flatMap(filesIn));
  const text = [...new Set(bundles)].map(textOf).join("\n");
  return extraCertificates(text, rootCertificates);
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/**
 * The lines of /etc/environment that make a machine use this computer's proxy, in both spellings. A proxy on this
 * computer's own loopback is left out: a container can't reach it.
 */
export function proxyEnvironment(environment: NodeJS.ProcessEnv): string[] {
  const lines = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => {
    const value = environment[name] ?? environment[name.toUpperCase()];
    if (!value || /["\n]/.test(value) || /\/\/([^@/]*@)?(localhost|127\.|\[::1\])/.test(value)) return [];
    return [`${name}="${value}"`, `${name.toUpperCase()}="${value}"`];
  });
  return lines.some((line) => !/^no_proxy/i.test(line)) ? lines : [];
}
