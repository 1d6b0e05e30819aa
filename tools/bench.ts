/** `npm run bench -- ROUNDS`: measures and writes bench/RESULTS.md; 3 rounds unless told. */
import { bench } from "../bench/run";
import { runMain } from "./failure";
import { say } from "./terminal";
import { ensureToolchain } from "./toolchain";
import { ensureContainerEngine } from "./toolchain/containerEngine";

runMain(async () => {
  await Promise.all([ensureToolchain(say), ensureContainerEngine(say)]);
  await bench(Number(process.argv[2] ?? 3));
  return 0;
});
