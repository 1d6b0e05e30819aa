import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

import type { Problem } from "../source";

const days = 86_400_000;

/**
 * What is wrong with a certificate that is to be served: no message holds more of it than names and dates.
 * @param chain the site's certificate and those that vouch for it, PEM
 * @param names all that it has to be valid for
 */
export function certificateProblems(
  chain: string,
  privateKey: string,
  names: readonly string[],
  now = new Date(),
): Problem[] {
  const certificates = certificatesIn(chain);
  const [certificate] = certificates ?? [];
  const key = keyIn(privateKey);
  const problems: Problem[] = [];
  const found = (name: string, value: string, expected: string, fix: string): void => {
    problems.push({ key: name, value, expected, fix });
  };
  if (!key) {
    const fix = "Take the passphrase off: openssl pkey -in KEY -out PLAIN-KEY";
    found("tlsPrivateKey", "a key that can't be read", "a private key without a passphrase", fix);
  }
  if (!certificates || !certificate) {
    const fix = "Give the whole file, often called fullchain.pem.";
    found("tlsCertificate", "a certificate that can't be read", "certificates as PEM", fix);
    return problems;
  }
  if (key && !certificate.checkPrivateKey(key)) {
    const fix = "Set both again, from the same order; the site's certificate comes first in its file.";
    found("tlsPrivateKey", "the key of another certificate", "the key that tlsCertificate was made for", fix);
  }
  const uncovered = names.filter((name) => certificate.checkHost(name) === undefined);
  if (uncovered.length > 0) {
    const fix = "Order one with these names, or take them out of site.domains and site.redirects.";
    found("tlsCertificate", `not valid for ${uncovered.join(", ")}`, "valid for every name of the site", fix);
  }
  if (now > new Date(certificate.validTo) || now < new Date(certificate.validFrom)) {
    const period = `valid from ${certificate.validFrom} to ${certificate.validTo}`;
    found("tlsCertificate", period, "valid today", "Set the renewed one, and its key if that is new.");
  }
  const broken = certificates.findIndex((one, at) => {
    const next = certificates[at + 1];
    return next !== undefined && !one.checkIssued(next);
  });
  if (broken >= 0) {
    const fix =
      "Order the file: the site's certificate, the one that issued it, the one that issued that one.";
    found(
      "tlsCertificate",
      `certificate ${broken + 2} did not issue the one before`,
      "a chain in order",
      fix,
    );
  }
  return problems;
}

/** What to renew soon, in words for a preview; nothing, if it is good for another month. */
export function expiryWarning(chain: string, now = new Date()): string | undefined {
  const end = certificatesIn(chain)?.[0]?.validTo;
  const left = end === undefined ? Infinity : Math.floor((Date.parse(end) - now.getTime()) / days);
  return left >= 30
    ? undefined
    : `tlsCertificate expires in ${left} days, on ${end ?? ""}: set a renewed one.`;
}

function certificatesIn(pem: string): X509Certificate[] | undefined {
  const texts = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    return texts.map((text) => new X509Certificate(text));
  } catch {
    return undefined;
  }
}

function keyIn(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
