import { Client } from "ssh2";

import type { Engine } from "./engine";
import type { Entrance } from "./folder";
import { lastLines } from "./process";

const patience = 90;

/**
 * Waits until systemd has booted and SSH lets us in with the pinned host key.
 *
 * @throws after 90 s, or as soon as the container stops, with the last lines of its journal.
 */
export async function waitUntilReady(
  engine: Engine,
  container: string,
  entrance: Entrance,
  privateKey: string,
): Promise<void> {
  const deadline = Date.now() + patience * 1000;
  let reason = "systemd has not answered";
  while (Date.now() < deadline) {
    const boot = await engine.attempt(["exec", container, "systemctl", "is-system-running", "--wait"], {
      seconds: Math.ceil((deadline - Date.now()) / 1000),
    });
    const state = boot.stdout.trim();
    reason = `systemd says ${JSON.stringify(state || lastLines(boot.stderr, 1))}`;
    if (state === "running" || state === "degraded") {
      const refusal = await enter(entrance, privateKey);
      if (refusal === undefined) return;
      reason = `SSH says ${JSON.stringify(refusal)}`;
    } else if (!(await isRunning(engine, container))) {
      reason = "it stopped";
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `The container ${container} did not become a machine: ${reason}.\n${await journal(engine, container)}`,
  );
}

async function isRunning(engine: Engine, container: string): Promise<boolean> {
  const { stdout } = await engine.attempt(["inspect", "--format", "{{.State.Running}}", container]);
  return stdout.trim() === "true";
}

async function journal(engine: Engine, container: string): Promise<string> {
  const inside = await engine.attempt(["exec", container, "journalctl", "--no-pager", "--lines", "15"]);
  if (inside.code === 0) return lastLines(inside.stdout, 15);
  const outside = await engine.attempt(["logs", "--tail", "15", container]);
  return lastLines(`${outside.stdout}\n${outside.stderr}`, 15);
}

/** Logs in and out again; returns why it did not work. */
function enter({ host, port, user, hostKey }: Entrance, privateKey: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const client = new Client();
    client.on("ready", () => {
      client.end();
      resolve(undefined);
    });
    client.on("error", (error) => {
      resolve(error.message);
    });
    client.connect({
      ...{ host, port, username: user, privateKey, readyTimeout: 10_000 },
      hostVerifier: (key: Buffer) => key.toString("base64") === hostKey.split(" ")[1],
    });
  });
}
