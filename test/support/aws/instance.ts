import { bootFlags } from "../../../components/machine/container/flags";
import { ensureImage } from "../../../components/machine/container/image";
import { plant, takeRoot } from "../../../components/machine/container/seed";
import type { ContainerSystem } from "../../../components/machine";
import type { Properties } from "../../../tools/command-plugin/resource";
import type { Account } from "./account";
import { capabilities, containerOf, engine, hasCapability, inside } from "./host";

interface CloudConfig {
  ssh_keys: { ed25519_private: string; ed25519_public: string };
  write_files: { path: string; permissions: string; content: string }[];
}

/** The ids of images: `ami-SYSTEM-ARCHITECTURE-NUMBER`, the number growing with each that is published. */
const imageId = /^ami-(.+)-(amd64|arm64)-\d+$/;

/** A container that boots while the answer is given, as an instance does. */
export async function createInstance(account: Account, id: string, inputs: Properties): Promise<Properties> {
  const { ami, subnetId, keyName, userData } = inputs as Record<string, string>;
  const [, system] = imageId.exec(ami ?? "") ?? [];
  if (system === undefined) throw new Error(`InvalidAMIID.NotFound: ${String(ami)}`);
  const [key] = account.ofType("aws:ec2/keyPair:KeyPair").filter(([, pair]) => pair["keyName"] === keyName);
  if (!key) throw new Error(`InvalidKeyPair.NotFound: ${String(keyName)}`);
  if ((userData ?? "").length > 16_384)
    throw new Error("InvalidParameterValue: User data is limited to 16384 bytes");
  const config = JSON.parse((userData ?? "").replace(/^#cloud-config\n/, "")) as CloudConfig;
  const user = system.startsWith("ubuntu") ? "ubuntu" : "admin";

  const container = await engine();
  const image = await ensureImage(container, system as ContainerSystem);
  // It mounts its volume itself, and grows its file system. systemd, which can then hide processes from services, as
  // Redis has it, must see them itself.
  const volumes = [
    ...["--cap-add", "SYS_ADMIN", "--cap-add", "SYS_PTRACE"],
    ...(hasCapability(capabilities.sysResource) ? ["--cap-add", "SYS_RESOURCE"] : []),
    ...["--device-cgroup-rule", "b 7:* rmw", "--security-opt", "apparmor=unconfined"],
  ];
  const flags = ["--name", containerOf(id), "--hostname", id, ...bootFlags(container.facts), ...volumes];
  await container.run(["create", ...flags, image]);
  const { ed25519_private: privateKey, ed25519_public: publicKey } = config.ssh_keys;
  await plant(container, containerOf(id), {
    user,
    authorizedKey: String(key[1]["publicKey"]),
    hostKey: { privateKey, publicKey },
  });
  await container.run(["start", containerOf(id)]);
  await firstBoot(id, user, config);
  await takeRoot(container, containerOf(id), user);
  return {
    availabilityZone: account.get(subnetId ?? "")?.["availabilityZone"],
    ipv6Addresses: ["2001:db8:77:100::7"],
    arn: `arn:aws:stand-in::${id}`,
  };
}

/** What cloud-init does at a first boot, as far as this machine asks for it, and how it is asked whether that is done. */
async function firstBoot(id: string, user: string, { write_files: files }: CloudConfig): Promise<void> {
  await inside(
    id,
    `id ${user} >/dev/null 2>&1 || useradd --home-dir /home/${user} --shell /bin/bash ${user}
     chown -R ${user}: /home/${user}
     echo '${user} ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/90-cloud-init-users
     printf '#!/bin/sh\\n[ "$1 $2" = "status --wait" ] && systemctl is-system-running --wait\\nexit 0\\n' >/usr/bin/cloud-init
     chmod 0755 /usr/bin/cloud-init`,
  );
  for (const { path, permissions, content } of files) {
    const text = Buffer.from(content).toString("base64");
    await inside(id, `echo ${text} | base64 -d >${path}; chmod ${permissions} ${path}`);
  }
}

export async function deleteInstance(_: Account, id: string, properties: Properties): Promise<void> {
  if (properties["disableApiTermination"] === true)
    throw new Error(
      `OperationNotPermitted: The instance '${id}' may not be terminated: disableApiTermination`,
    );
  await (await engine()).remove(containerOf(id));
}
