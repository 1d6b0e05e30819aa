import { type Placed, summedFiles } from "./placed";

/** What the step `network` placed, by what it printed. */
export const networkPlaced = summedFiles;

/** The files of credentials, by the salted sums that the step `network-secrets` printed. */
export const networkSecretsPlaced = (sums: string): Placed[] =>
  [...sums.matchAll(/^([0-9a-f]{16}) (\/.*)$/gm)].map(([, sha256 = "", path = ""]) => ({
    ...{ kind: "file", path, mode: "0600", owner: "root:root" },
    ...{ salt: "/etc/ssh/ssh_host_ed25519_key", sha256 },
  }));

export const wheelsPlaced = (id: string): Placed[] => [
  { kind: "link", path: "/opt/django-server/wheels", target: `wheels-${id}` },
];
