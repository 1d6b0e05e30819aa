import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

const listener = `require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, function () {
  process.stdout.write(String(this.address().port));
})`;

/** A loopback port that never answers, like a host behind a firewall: its stopped owner's queue is full (Linux). */
export async function startSilentPort() {
  const owner = spawn(process.execPath, ["-e", listener], { stdio: ["ignore", "pipe", "inherit"] });
  const [data] = (await once(owner.stdout, "data")) as [Buffer];
  const port = Number(data.toString());
  owner.kill("SIGSTOP");
  const fillers = [1, 2, 3].map(() => connect(port, "127.0.0.1").on("error", () => undefined));
  await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, "connect")));
  return {
    port,
    stop: () => {
      for (const filler of fillers) filler.destroy();
      owner.kill("SIGKILL");
    },
  };
}
