import { createHash } from "node:crypto";

/**
 * One thing that was placed on a machine, in the terms that the machine is asked in later: beside `kind` and its name,
 * each field is compared with what is found there.
 */
export type Placed =
  | PlacedFile
  | { kind: "folder"; path: string; mode: string; owner: string }
  | { kind: "link"; path: string; target: string }
  /** A folder in which nothing was changed since a file was made. */
  | { kind: "code"; path: string; since: string; changed: string[] }
  /** A Debian package; `new|old` where releases of Debian differ. */
  | { kind: "package"; name: string; state: "installed" }
  | { kind: "user"; name: string; home: string; shell: string }
  /** A systemd unit; a service, if its name has no ending. */
  | { kind: "service"; name: string; state: "active"; boot: "enabled" }
  /** A systemd timer. */
  | { kind: "timer"; name: string; state: "active"; boot: "enabled" }
  /** supervisor's programs NAME-0, …: how many run. */
  | { kind: "programs"; name: string; running: number };

/** A file as it was placed. */
export interface PlacedFile {
  kind: "file";
  path: string;
  /** Octal, four digits. */
  mode: string;
  /** USER:GROUP */
  owner: string;
  /** Of the content, hexadecimal, or its beginning; none for what is only to be there. */
  sha256?: string;
  /** A file of the machine that goes before the content into the sum, so that the sum tells nothing of a secret. */
  salt?: string;
  /** What the file is to hold; not there for a secret. */
  text?: string;
}

/** A text file of root's that anybody may read, unless told otherwise. */
export const textFile = (path: string, text: string, mode = "0644", owner = "root:root"): PlacedFile => ({
  ...{ kind: "file", path, mode, owner, text },
  sha256: sumOf(text),
});

/** A script of root's, which is told by its sum. */
export const scriptFile = (path: string, text: string): PlacedFile => ({
  ...{ kind: "file", path, mode: "0755", owner: "root:root" },
  sha256: sumOf(text),
});

/**
 * A file of a site's whose content is a secret.
 * @param sum what its step said of it: salted, so that it tells nothing of the content
 */
export const secretFile = (
  site: string,
  path: string,
  sum: string,
  mode = "0600",
  owner = "root:root",
): PlacedFile => ({
  ...{ kind: "file", path, mode, owner },
  ...{ salt: `/etc/django-server/${site}/salt`, sha256: sum.trim() },
});

/** A timer of systemd's that runs, and will after a boot. */
export const timerUnit = (name: string): Placed => ({
  kind: "timer",
  name,
  state: "active",
  boot: "enabled",
});

const sumOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** What `sha256sum` printed of files of root's. */
export const summedFiles = (sums: string): PlacedFile[] =>
  [...sums.matchAll(/^([0-9a-f]{64}) [ *](\/.*)$/gm)].map(([, sha256 = "", path = ""]) => ({
    ...{ kind: "file", path, mode: "0644", owner: "root:root", sha256 },
  }));
