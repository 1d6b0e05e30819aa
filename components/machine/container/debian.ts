import { getuid } from "node:process";

import { lastLines, run, say } from "./process";

const mirror = "http://deb.debian.org";

/** Where a Debian server gets its packages from: the release, its updates and its security fixes. */
export function aptSources(suite: string): string[] {
  return [
    `deb ${mirror}/debian ${suite} main`,
    `deb ${mirror}/debian ${suite}-updates main`,
    `deb ${mirror}/debian-security ${suite}-security main`,
  ];
}

/** Writes a minimal Debian root file system to a tar archive, from its packages. */
export async function bootstrapDebian(suite: string, archive: string): Promise<void> {
  await ensureMmdebstrap();
  const command = ["mmdebstrap", "--variant=minbase", "--include=ca-certificates", suite, archive];
  const result = await run([...command, ...aptSources(suite)], { seconds: 900 });
  if (result.code !== 0) {
    throw new Error(`Debian ${suite} could not be built from ${mirror}: ${lastLines(result.stderr, 5)}`);
  }
}

async function ensureMmdebstrap(): Promise<void> {
  if ((await run(["mmdebstrap", "--version"])).code === 0) return;
  const install = [
    "apt-get",
    "install",
    "-qq",
    "--no-install-recommends",
    "mmdebstrap",
    "debian-archive-keyring",
  ];
  const command = [...(getuid?.() === 0 ? [] : ["sudo", "-n"]), ...install];
  say(`Installing mmdebstrap on this computer: ${command.join(" ")}`);
  const result = await run(command, { seconds: 600 });
  if (result.code !== 0) {
    throw new Error(
      "No image can be pulled, and mmdebstrap, which builds Debian without one, is missing: " +
        "sudo apt-get install mmdebstrap",
    );
  }
}
