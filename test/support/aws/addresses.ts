import type { Properties } from "../../../tools/command-plugin/resource";
import type { Account } from "./account";
import { engine, inside, isRunning, program } from "./host";

interface Network {
  /** Podman's. */
  subnets?: { subnet: string }[];
  /** Docker's. */
  IPAM?: { Config: { Subnet: string }[] };
}

/** The engine's own network, to which every container belongs: such as 10.88.0.0/16. */
async function network(): Promise<string> {
  const container = await engine();
  const name = container.facts.name === "podman" ? "podman" : "bridge";
  const [found] = JSON.parse(await container.run(["network", "inspect", name])) as [Network];
  const subnet = found.subnets?.[0]?.subnet ?? found.IPAM?.Config[0]?.Subnet ?? "";
  if (!subnet.endsWith("/16")) throw new Error(`the engine's network ${subnet} is not as large as expected`);
  return subnet;
}

/** An address of the engine's network far from those that it gives to containers itself. */
export async function newAddress(account: Account): Promise<string> {
  const [first, second] = (await network()).split(".");
  const taken = new Set(account.ofType("aws:ec2/eip:Eip").map(([, { publicIp }]) => publicIp));
  for (;;) {
    const [third, fourth] = [200 + Math.floor(Math.random() * 50), 1 + Math.floor(Math.random() * 250)];
    const address = [first, second, third, fourth].join(".");
    if (!taken.has(address)) return address;
  }
}

export async function associate(account: Account, id: string, inputs: Properties): Promise<Properties> {
  const { allocationId, instanceId } = inputs as { allocationId: string; instanceId: string };
  const address = account.get(allocationId)?.["publicIp"] as string | undefined;
  if (address === undefined) throw new Error(`InvalidAllocationID.NotFound: ${allocationId}`);
  const [other] = account
    .ofType("aws:ec2/eipAssociation:EipAssociation")
    .filter(([otherId, existing]) => otherId !== id && existing["allocationId"] === allocationId);
  if (other) throw new Error(`Resource.AlreadyAssociated: ${address} is associated with ${other[0]}`);
  await inside(instanceId, `ip address replace ${address}/16 dev eth0`);
  forget(address);
  return { publicIp: address };
}

export async function disassociate(_: Account, _id: string, properties: Properties): Promise<void> {
  const { instanceId, publicIp } = properties as { instanceId: string; publicIp: string };
  // An instance that is being stopped loses it by that.
  await inside(instanceId, `ip address del ${publicIp}/16 dev eth0`).catch(async (error: unknown) => {
    if (await isRunning(instanceId)) throw error;
  });
  forget(publicIp);
}

/** This computer remembers for a while which container had an address. */
function forget(address: string): void {
  program("ip", "neighbour", "flush", "to", address);
}
