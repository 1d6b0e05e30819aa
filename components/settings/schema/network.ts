import { z } from "zod";

import { isNetwork } from "../network";
import { oneLine, section, text } from "./values";

const proxy = text(
  "a proxy such as http://proxy.example.org:3128, without credentials and path",
  /^http:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?$/,
);

const url = (example: string) =>
  text(
    `a URL such as ${example}, without credentials`,
    /^https?:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?(\/[A-Za-z0-9._~%+-]+)*\/?$/,
  );

const reachedDirectly = z
  .string({ error: "a host, a domain with a dot before it, an address or a network" })
  .refine(
    (name) => /^\.?[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name) || isNetwork(name),
    "a host such as git.example.org, a domain such as .example.org, an address or a network",
  );

/** What is left out is as it is on the open internet. */
export const networkSchema = section({
  caCertificates: z.array(oneLine, { error: "a list of PEM files" }).default([]),
  proxy: proxy.optional(),
  noProxy: z.array(reachedDirectly, { error: "a list of hosts, domains and networks" }).default([]),
  aptMirror: url("http://mirror.example.org/debian").optional(),
  aptSecurityMirror: url("http://mirror.example.org/debian-security").optional(),
  pythonIndex: url("https://pypi.example.org/simple").optional(),
  wheels: oneLine.optional(),
})
  .refine(
    ({ proxy: given, noProxy }) => given !== undefined || noProxy.length === 0,
    "noProxy only beside proxy",
  )
  .refine(
    ({ aptMirror, aptSecurityMirror }) => aptMirror !== undefined || aptSecurityMirror === undefined,
    "aptSecurityMirror only beside aptMirror",
  )
  .refine(
    ({ pythonIndex, wheels }) => pythonIndex === undefined || wheels === undefined,
    "pythonIndex or wheels, which no index is asked beside",
  );

/** Printable, and without spaces, which no file of credentials could hold. */
const credentials = (expected: string, pattern: RegExp) =>
  text(`${expected}, without spaces`, pattern)
    .optional()
    .transform((given) => (given === "" ? undefined : given));

export const networkSecrets = {
  proxyCredentials: credentials("USER:PASSWORD", /^([\x21-\x39\x3b-\x7e]+:[\x21-\x7e]+)?$/),
  pythonIndexCredentials: credentials("USER:PASSWORD, or a token", /^[\x21-\x7e]*$/),
};
