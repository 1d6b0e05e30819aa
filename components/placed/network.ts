import type { WheelsArchive } from "../network";
import { type Placed, summedFiles } from "./placed";

/**
 * What the steps of a network placed.
 * @param sums what `network` printed
 * @param secretSums what `network-secrets` printed: sums of the files of credentials, salted with the machine's own key
 */
export const networkPlaced = (sums: string, secretSums: string, wheels?: WheelsArchive): Placed[] => [
  ...summedFiles(sums),
  ...[...secretSums.matchAll(/^([0-9a-f]{16}) (\/.*)$/gm)].map(([, sha256 = "", path = ""]): Placed => ({
    ...{ kind: "file", path, mode: "0600", owner: "root:root" },
    ...{ salt: "/etc/ssh/ssh_host_ed25519_key", sha256 },
  })),
  ...(wheels
    ? [{ kind: "link", path: "/opt/django-server/wheels", target: `wheels-${wheels.id}` } as const]
    : []),
];
