/** `npm run bench -- ROUNDS [FRESH]`: measures and writes bench/RESULTS.md; 5 rounds, and as many from nothing, unless told. */
import { bench } from "../bench/run";
import { runMain } from "./failure";
import { say } from "./terminal";
import { ensureToolchain } from "./toolchain";
import { ensureContainerEngine } from "./toolchain/containerEngine";

runMain(async () => {
  await Promise.all([ensureToolchain(say), ensureContainerEngine(say)]);
  const changes = Number(process.argv[2] ?? 5);
  await bench({ changes, fresh: Number(process.argv[3] ?? changes) }, say);
  return 0;
});
