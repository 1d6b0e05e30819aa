import { geteuid } from "node:process";

import { runningEngines } from "../../components/machine/container/engine";
import { findAll, output, succeeds } from "./process";
import { type Say, reasonOf } from "./ways";

/** What Debian's Podman needs as a machine's host; runc serves where crun refuses the control groups. */
const packages = ["podman", "iptables", "runc", "uidmap"];

/**
 * Makes sure that Docker or Podman answers. Where none does, installs Debian's Podman, after saying so, when this user is
 * root or may use sudo without a password.
 *
 * @throws one line on what was tried and how to get an engine.
 */
export async function ensureContainerEngine(say: Say): Promise<void> {
  const reason = await runningEngines().then(() => undefined, reasonOf);
  if (reason === undefined) return;
  const root = await rootCommand();
  if (root === undefined || findAll("apt-get", process.env["PATH"] ?? "").length === 0)
    throw new Error(reason);
  await aptInstall(root, packages, say, "No Docker or Podman answers");
  await runningEngines();
}

/** What goes before a command that needs root, or undefined where this user can't become root unasked. */
export async function rootCommand(): Promise<string[] | undefined> {
  if (geteuid?.() === 0) return [];
  return (await succeeds("sudo", ["-n", "true"])) ? ["sudo", "-n"] : undefined;
}

/** Installs Debian packages on this computer, after saying why. */
export async function aptInstall(root: string[], names: string[], say: Say, why: string): Promise<void> {
  const apt = (...args: string[]): Promise<string> => {
    const wait = ["-o", "DPkg::Lock::Timeout=300"];
    const [program = "", ...rest] = [
      ...root,
      "env",
      "DEBIAN_FRONTEND=noninteractive",
      "apt-get",
      ...wait,
      ...args,
    ];
    return output(program, rest);
  };
  say(`${why}: installing on this computer, with apt-get: ${names.join(" ")} …`);
  await apt("update", "-q");
  await apt("install", "-y", "-q", ...names);
}
