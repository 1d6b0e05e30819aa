/** A double-quoted nginx string; a dollar sign cannot be escaped there, so settings do not admit one. */
export const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

export const indent = (text: string, spaces = 4): string => text.replaceAll(/^(?=.)/gm, " ".repeat(spaces));

/** Parts of a file or a block, without those that are not wanted. */
export const joined = (parts: readonly (string | false)[], separator = ""): string =>
  parts.filter((part) => part !== false && part !== "").join(separator);

/** What goes behind a host name in a URL. */
export const portSuffix = (port: number, standard: number): string => (port === standard ? "" : `:${port}`);
