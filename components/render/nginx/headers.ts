import { type Names, upstreamHeader } from "./names";
import { quoted } from "./text";

export type Headers = Readonly<Record<string, string>>;

const headerVariable = (names: Names, index: number): string => names.variable(`header${index + 1}`);

/** Each header's value unless the app sent that header itself. */
export const headerMaps = (names: Names, headers: Headers): string =>
  Object.entries(headers)
    .map(
      ([name, value], index) =>
        `map ${upstreamHeader(name)} ${headerVariable(names, index)} {\n    "" ${quoted(value)};\n}\n`,
    )
    .join("");

/** Repeated in each location with headers of its own, because nginx inherits either all or none. */
export const addHeaders = (names: Names, headers: Headers): string =>
  Object.keys(headers)
    .map((name, index) => `add_header ${name} ${headerVariable(names, index)} always;\n`)
    .join("");
