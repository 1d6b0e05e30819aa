import { readFile } from "node:fs/promises";
import * as path from "node:path";
import type { Folder } from "./folder";
import { list } from "./text";

const largestKey = 100_000;

/** Warns of private keys in a release: some apps sign with one, but most were packed by mistake. */
export async function privateKeysIn({ base, entries }: Folder): Promise<string[]> {
  const candidates = entries.filter(
    ({ path: name, size, target }) => /\.(pem|key)$/i.test(name) && size < largestKey && target === undefined,
  );
  const texts = await Promise.all(
    candidates.map(({ path: name }) => readFile(path.join(base, name), "latin1").catch(() => "")),
  );
  const found = candidates.filter((_, index) => texts[index]?.includes("PRIVATE KEY-----"));
  if (found.length === 0) return [];
  const names = list(found.map((entry) => entry.path));
  return [`A private key is sent with the release: ${names}. Secrets belong in secretEnvironment.`];
}
