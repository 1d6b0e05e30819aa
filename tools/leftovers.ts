import { readFileSync, readdirSync } from "node:fs";

import { type Engine, runningEngines } from "../components/machine/container/engine";

/** Names the variable that a run of the tests hands to all it starts, so that it knows its own processes again. */
export const runMark = "DJANGO_SERVER_TEST_RUN";

/** Something that was not cleaned up. */
export interface Leftover {
  name: string;
  end: () => Promise<void>;
}

/** The containers that are named like ours. */
export async function containers(): Promise<Leftover[]> {
  const engines: readonly Engine[] = await runningEngines().catch(() => []);
  const lists = await Promise.all(
    engines.map(async (engine) => {
      const list = await engine.run([
        "ps",
        "--all",
        "--filter",
        "name=django-server-",
        "--format",
        "{{.Names}}",
      ]);
      return list
        .split("\n")
        .filter((name) => name !== "")
        .map((name) => ({ name: `container ${name}`, end: () => engine.remove(name) }));
    }),
  );
  return lists.flat();
}

/** The processes that a run of the tests started; none where there is no /proc. */
export function processes(run: string): Leftover[] {
  return listed("/proc")
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => text(`/proc/${pid}/environ`).split("\0").includes(`${runMark}=${run}`))
    .map((pid) => ({
      name: `process ${pid} ${text(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim()}`,
      end: () => {
        process.kill(Number(pid), "SIGTERM");
        return Promise.resolve();
      },
    }));
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Processes come and go, and those of others can't be read. */
function text(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
