import { isIP } from "node:net";

/** Whether a text is an IP address, or one with as many bits behind a slash as it may have. */
export function isNetwork(text: string): boolean {
  const { most, bits } = parse(text);
  return most !== undefined && bits <= most;
}

/** Whether a network is one organisation's at most, and not the world in a few pieces: /8, or IPv6's /32. */
export function isNarrow(network: string): boolean {
  const { most, bits } = parse(network);
  return !(bits < (most === 128 ? 32 : 8));
}

/** @returns how many bits of an address a network fixes, and how many an address of its kind has, if it is one */
function parse(text: string): { most: number | undefined; bits: number } {
  const [address = "", bits, ...rest] = text.split("/");
  const most = rest.length === 0 ? { 4: 32, 6: 128 }[isIP(address)] : undefined;
  if (bits === undefined) return { most, bits: most ?? NaN };
  return { most, bits: /^\d{1,3}$/.test(bits) ? Number(bits) : NaN };
}

/** A network as AWS writes it, an address being one of its own. */
export const asNetwork = (text: string): string =>
  text.includes("/") ? text : `${text}/${isIP(text) === 6 ? 128 : 32}`;
