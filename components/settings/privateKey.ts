import { utils } from "ssh2";

import { refuse } from "../source/problems";

/**
 * A private key that serves as it is: nothing here can ask for a passphrase; the agent can.
 * @param key the setting it came from
 * @param agent whether an agent may be used instead
 * @throws SourceError when it is none, or has a passphrase
 */
export function usableKey(key: string, text: string | undefined, agent = true): string | undefined {
  if (text === undefined) return undefined;
  const parsed = text.includes("-----BEGIN") ? utils.parseKey(text) : new Error("no private key");
  if (!(parsed instanceof Error) && parsed.isPrivateKey()) return text;
  const encrypted = parsed instanceof Error && /encrypted/i.test(parsed.message);
  if (!encrypted) {
    const fix = "Give the private half, which begins with -----BEGIN.";
    return refuse(key, "no private key", "a private key without a passphrase", fix);
  }
  const fix = agent
    ? "Add it to the SSH agent (ssh-add) and set machine.agent to true instead."
    : "Make one for this alone: ssh-keygen -t ed25519 -N ''";
  return refuse(key, "a key with a passphrase", "a private key without a passphrase", fix);
}
