import { X509Certificate } from "node:crypto";

/** A certificate, as far as it tells when somebody has to look after it. */
export interface Certificate {
  /** Who vouches for it, or `self-signed`. */
  issuer: string;
  /** The host names that it is for. */
  names: string[];
  /** When it ends, in seconds since 1970. */
  notAfter: number;
}

/** @param pem as nginx shows it to visitors */
export function certificateOf(pem: string): Certificate {
  const { issuer, subject, subjectAltName = "", validTo } = new X509Certificate(pem);
  const part = (name: string): string[] => issuer.split("\n").filter((line) => line.startsWith(`${name}=`));
  const issuers = [...part("O"), ...part("CN")].map((line) => line.replace(/^\w+=/, ""));
  return {
    issuer: issuer === subject ? "self-signed" : issuers.join(" "),
    names: subjectAltName.split(", ").map((name) => name.replace(/^DNS:/, "")),
    notAfter: Date.parse(validTo) / 1000,
  };
}

/** Whole days; a certificate that has ended has less than none. */
export const daysLeft = ({ notAfter }: Certificate, now = Date.now() / 1000): number =>
  Math.floor((notAfter - now) / 86_400);
