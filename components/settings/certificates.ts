import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";

import { refuse } from "../source/problems";

const pemCertificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The certificates in a PEM file, which may hold a bundle of them.
 * @param key the setting that names the file
 * @param file `~/` is the home of whoever runs this; else relative to the project
 * @throws SourceError when it can't be read, or holds something else than certificates of authorities in their time
 */
export function authoritiesIn(key: string, file: string, now = new Date()): string[] {
  const texts = read(key, file).match(pemCertificate) ?? [];
  if (texts.length === 0) {
    const fix = "Give it as PEM. From DER: openssl x509 -inform der -in FILE -out FILE.pem";
    return refuse(key, `${file} (no certificate)`, "a PEM file of certificate authorities", fix);
  }
  return texts.map((text) => checked(key, file, text, now));
}

function read(key: string, file: string): string {
  try {
    return readFileSync(path.resolve(file.replace(/^~(?=\/)/, homedir())), "utf8");
  } catch (error) {
    const { code = "unreadable" } = error as NodeJS.ErrnoException;
    return refuse(key, `${file} (${code})`, "a PEM file of certificate authorities", "Correct its path.");
  }
}

function checked(key: string, file: string, text: string, now: Date): string {
  const certificate = parsed(text);
  if (!certificate) {
    const fix = "Export it again: its lines are damaged.";
    return refuse(key, `${file} (an unreadable certificate)`, "certificates as PEM", fix);
  }
  const name = certificate.subject.replaceAll("\n", ", ");
  if (!certificate.ca) {
    const fix = "Give that of the authority that signs such certificates.";
    return refuse(key, `${file} (${name})`, "the certificate of an authority", fix);
  }
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (now < from || now > to) {
    const value = `${file} (${name}, valid from ${day(from)} to ${day(to)})`;
    return refuse(key, value, "a certificate that is valid now", "Give its successor.");
  }
  return certificate.toString();
}

function parsed(text: string): X509Certificate | undefined {
  try {
    return new X509Certificate(text);
  } catch {
    return undefined;
  }
}

const day = (date: Date): string => date.toISOString().slice(0, 10);
