import { readdirSync, readFileSync, readlinkSync } from "node:fs";

import type { Found } from "../components/machine/container/existing";

/**
 * Proportional memory (PSS) of a machine's nginx, supervisor and gunicorn processes together, MiB. Read from outside,
 * since a container's root may not look into other users' processes: needs root on a Linux host.
 */
export async function servingMemory({ engine, id }: Found): Promise<number> {
  const first = await engine.run(["inspect", "--format", "{{.State.Pid}}", id]);
  const namespace = readlinkSync(`/proc/${first}/ns/pid`);
  const processes = readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && isIn(pid, namespace));
  const serving = processes.filter((pid) =>
    /nginx|supervisord|gunicorn/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8")),
  );
  const kibibytes = serving.map((pid) =>
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1]),
  );
  return kibibytes.reduce((sum, value) => sum + value, 0) / 1024;
}

function isIn(pid: string, namespace: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`) === namespace;
  } catch {
    return false;
  }
}
