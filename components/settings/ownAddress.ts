import { isIP } from "node:net";

import { refuse } from "../source/problems";

/** Answers with the address that asks, and nothing else. Amazon's own. */
const service = "https://checkip.amazonaws.com";

/**
 * The address of this computer as the world sees it.
 * @param key the setting that asks for it
 * @throws SourceError when it can't be told within ten seconds
 */
export async function ownAddress(key: string, ask: typeof fetch = fetch): Promise<string> {
  let found: string;
  try {
    const answer = await ask(service, { signal: AbortSignal.timeout(10_000) });
    found = (await answer.text()).trim();
    if (isIP(found) !== 0) return found;
    found = `status ${answer.status}`;
  } catch (error) {
    const { cause = error } = error as { cause?: unknown };
    found = cause instanceof Error ? cause.message : String(cause);
  }
  const fix = "Name the networks instead: pulumi config set --path 'machine.sshFrom[0]' 203.0.113.7/32";
  return refuse(key, `auto (${service}: ${found})`, "a service that tells this computer's address", fix);
}
