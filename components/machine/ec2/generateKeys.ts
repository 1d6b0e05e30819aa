/** Prints two new key pairs as JSON, secrets: the machine's own, and the one that opens it. */
import { generateKeyPair } from "../keys";
import type { Keys } from "./keys";

const keys: Keys = { host: generateKeyPair(), login: generateKeyPair() };
process.stdout.write(JSON.stringify(keys));
