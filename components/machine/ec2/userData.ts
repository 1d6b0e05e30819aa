import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { KeyPair } from "../keys";

const installer = "/usr/local/sbin/install-aws-agents";
const agentSettings = "/etc/amazon-cloudwatch-agent.json";

/** Where the data volume is mounted, by dataVolume.sh. */
export const dataFolder = "/data";

/**
 * What cloud-init does at the first boot: gives the machine the host key that is pinned, and AWS's agents. JSON is
 * YAML.
 * @param region whose buckets the agents are taken from
 */
export function renderUserData(hostKey: KeyPair, region: string): string {
  const config = {
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.privateKey, ed25519_public: hostKey.publicKey },
    write_files: [
      { path: installer, permissions: "0755", content: readFileSync(join(__dirname, "agents.sh"), "utf8") },
      { path: agentSettings, permissions: "0644", content: JSON.stringify(agent, undefined, 2) },
    ],
    // Without them the site works all the same, and the alarms tell; a failure here would be the whole boot's.
    runcmd: [
      [
        "sh",
        "-c",
        '"$@" || echo "AWS\'s agents are not installed" >&2',
        "sh",
        installer,
        region,
        agentSettings,
      ],
    ],
  };
  return `#cloud-config\n${JSON.stringify(config, undefined, 2)}\n`;
}

/** The metrics that EC2 itself can't see; `alarms.ts` watches them. */
const agent = {
  agent: { metrics_collection_interval: 60 },
  metrics: {
    append_dimensions: { InstanceId: "${aws:InstanceId}" },
    aggregation_dimensions: [["InstanceId"], ["InstanceId", "path"]],
    metrics_collected: {
      mem: { measurement: ["mem_used_percent"] },
      disk: { measurement: ["used_percent"], resources: ["/", dataFolder] },
    },
  },
};
