import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Properties } from "../../../tools/command-plugin/resource";
import type { Account } from "./account";
import { engine, containerOf, inside, isRunning, program } from "./host";

const fileOf = (account: Account, volume: string): string => join(account.folder, `${volume}.img`);

/** A sparse file: a GiB has ten MiB here. */
const bytes = ({ size }: Properties): number => Number(size) * 10 * 2 ** 20;

export function createVolume(account: Account, id: string, { size, encrypted }: Properties): Properties {
  const file = fileOf(account, id);
  writeFileSync(file, "");
  truncateSync(file, bytes({ size }));
  return { encrypted, device: program("losetup", "--find", "--show", file) };
}

export function growVolume(account: Account, id: string, old: Properties, inputs: Properties): void {
  if (bytes(inputs) < bytes(old)) throw new Error("InvalidParameterValue: a volume can only grow");
  truncateSync(fileOf(account, id), bytes(inputs));
  program("losetup", "--set-capacity", String(old["device"]));
}

export function deleteVolume(account: Account, id: string, { device }: Properties): void {
  program("losetup", "--detach", String(device));
  rmSync(fileOf(account, id));
}

interface Attachment {
  volumeId: string;
  instanceId: string;
  stopInstanceBeforeDetaching?: boolean;
}

export async function attach(account: Account, id: string, inputs: Properties): Promise<Properties> {
  const { volumeId, instanceId } = inputs as unknown as Attachment;
  const [volume, instance] = [account.get(volumeId), account.get(instanceId)];
  if (!volume) throw new Error(`InvalidVolume.NotFound: ${volumeId}`);
  if (!instance) throw new Error(`InvalidInstanceID.NotFound: ${instanceId}`);
  const [other] = account
    .ofType("aws:ec2/volumeAttachment:VolumeAttachment")
    .filter(([otherId, existing]) => otherId !== id && existing["volumeId"] === volumeId);
  if (other) throw new Error(`VolumeInUse: ${volumeId} is attached to ${String(other[1]["instanceId"])}`);
  if (volume["availabilityZone"] !== instance["availabilityZone"])
    throw new Error(`InvalidVolume.ZoneMismatch: ${volumeId} is not in the zone of ${instanceId}`);
  const device = String(volume["device"]);
  const link = `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`;
  const number = device.replace(/\D/g, "");
  await inside(
    instanceId,
    `[ -b ${device} ] || mknod ${device} b 7 ${number}; mkdir -p ${link.replace(/\/[^/]*$/, "")}; ln -sfn ${device} ${link}`,
  );
  return {};
}

/** A volume that is still mounted somewhere is torn away: what was not written is lost. */
export async function detach(_: Account, _id: string, properties: Properties): Promise<void> {
  const { instanceId, stopInstanceBeforeDetaching } = properties as unknown as Attachment;
  if (!(await isRunning(instanceId))) return;
  if (stopInstanceBeforeDetaching !== true)
    throw new Error(`${instanceId} has the volume mounted: this stand-in does not tear it away`);
  await (await engine()).run(["stop", "--time", "20", containerOf(instanceId)]);
}
