import { utils } from "ssh2";

/** An ed25519 key pair in OpenSSH's formats. */
export interface KeyPair {
  privateKey: string;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  publicKey: string;
}

/** Makes a new key pair. */
export function generateKeyPair(): KeyPair {
  // ssh2 1.17 drops a key's leading zero bytes, so about one pair in 250 is malformed; that one is thrown away.
  for (;;) {
    const pair = utils.generateKeyPairSync("ed25519");
    const publicKey = publicKeyOf(pair.private);
    if (publicKey !== undefined && publicKey === pair.public.trim())
      return { privateKey: pair.private, publicKey };
  }
}

/** The public half of a private key, or undefined when that is none. */
export function publicKeyOf(privateKey: string): string | undefined {
  const key = utils.parseKey(privateKey);
  if (key instanceof Error) return undefined;
  const blob = key.getPublicSSH();
  // 4 + 11 bytes of type, 4 + 32 bytes of key
  if (key.type === "ssh-ed25519" && blob.length !== 51) return undefined;
  return `${key.type} ${blob.toString("base64")}`;
}
