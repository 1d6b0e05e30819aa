import type * as pulumi from "@pulumi/pulumi";

/** How a machine reaches what it is made of, where that is not simply the internet. */
export interface NetworkArgs {
  /** Certificate authorities to trust beside the well-known ones: PEM texts of one certificate each. @default none */
  caCertificates?: readonly string[];
  /** A proxy for HTTP and HTTPS, `http://HOST:PORT`. @default none */
  proxy?: string;
  /** USER:PASSWORD for the proxy. @default none */
  proxyCredentials?: pulumi.Input<string>;
  /** Hosts, domains with a dot before them, addresses and networks that are reached without the proxy. @default none */
  noProxy?: readonly string[];
  /** Where Debian's or Ubuntu's packages come from. @default what the machine's own sources say */
  aptMirror?: string;
  /** Where their security fixes come from. @default `aptMirror`, for Debian with `-security` behind it */
  aptSecurityMirror?: string;
  /** The Python package index that is asked instead of PyPI: its `simple` URL. @default none */
  pythonIndex?: string;
  /** USER:PASSWORD for the index, or a token, whose user is `__token__`. @default none */
  pythonIndexCredentials?: pulumi.Input<string>;
  /** Wheels that are sent and used instead of any index. @default none */
  wheels?: WheelsArchive;
}

/** A folder of wheels as one file. */
export interface WheelsArchive {
  /** 12 hex digits of the content. */
  id: string;
  /** The .tar.gz. */
  archive: string;
  /** sha256 of the archive's bytes, hexadecimal. */
  sha256: string;
}
