import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";

import { inNewFolder } from "../tools/toolchain/archives";
import { paths } from "../tools/toolchain/environment";
import { output } from "../tools/toolchain/process";
import type { Say } from "../tools/toolchain/ways";

const requirements = join(__dirname, "ansible/requirements.txt");

/** The pinned release, as `ansible-core==2.19.14`. */
export const ansibleRelease = readFileSync(requirements, "utf8").trim();

const folder = join(paths.local, "bench", ansibleRelease.replace("==", "-"));

/** `ansible-playbook`, and what it needs in its environment. */
export const playbookProgram = join(folder, "bin/ansible-playbook");
export const playbookEnvironment = {
  PYTHONPATH: folder,
  ANSIBLE_CONFIG: join(__dirname, "ansible/ansible.cfg"),
};

/** Gets ansible-core from PyPI unless it is there; it takes Python 3.11 or newer with pip. */
export async function ensureAnsible(say: Say): Promise<void> {
  if (existsSync(playbookProgram)) return;
  say(`installing ${ansibleRelease} …`);
  await inNewFolder(join(paths.local, "bench"), async (fresh) => {
    const place = ["--target", fresh, "--requirement", requirements];
    await output("python3", ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", ...place]);
    renameSync(fresh, folder);
  });
}
