import { type Mistake, inFile, set } from "./mistake";

/** Of the network. */
export const networkMistakes: Mistake[] = [
  [
    "a proxy with credentials",
    { network: { proxy: "http://me:pw@proxy.org:3128" } },
    [
      "network.proxy",
      '"http://me:pw@proxy.org:3128"',
      "a proxy such as http://proxy.example.org:3128, without credentials and path",
      set("network.proxy"),
    ],
  ],
  [
    "hosts to reach without a proxy where there is none",
    { network: { noProxy: ["a.org"] } },
    ["network", '{"noProxy":["a.org"]}', "noProxy only beside proxy", inFile],
  ],
  [
    "a host that would end apt's line",
    { network: { proxy: "http://p.org", noProxy: ['a" "b'] } },
    [
      "network.noProxy[0]",
      '"a\\" \\"b"',
      "a host such as git.example.org, a domain such as .example.org, an address or a network",
      set("'network.noProxy[0]'"),
    ],
  ],
  [
    "a mirror that would end apt's line",
    { network: { aptMirror: "http://m.org/debian main" } },
    [
      "network.aptMirror",
      '"http://m.org/debian main"',
      "a URL such as http://mirror.example.org/debian, without credentials",
      set("network.aptMirror"),
    ],
  ],
  [
    "a mirror of security fixes alone",
    { network: { aptSecurityMirror: "http://m.org" } },
    ["network", '{"aptSecurityMirror":"http://m.org"}', "aptSecurityMirror only beside aptMirror", inFile],
  ],
  [
    "an index and wheels",
    { network: { pythonIndex: "https://i.org/simple", wheels: "w" } },
    [
      "network",
      '{"pythonIndex":"https://i.org/simple","wheels":"w"}',
      "pythonIndex or wheels, which no index is asked beside",
      inFile,
    ],
  ],
  [
    "credentials of no proxy",
    { proxyCredentials: "me:pw" },
    [
      "proxyCredentials",
      "[secret]",
      "network.proxy, which it is for",
      "Set network.proxy, or: pulumi config rm proxyCredentials",
    ],
  ],
  [
    "credentials of a proxy without a password",
    { network: { proxy: "http://p.org" }, proxyCredentials: "token" },
    [
      "proxyCredentials",
      "[secret]",
      "USER:PASSWORD, without spaces",
      "Correct it in the stack's settings file.",
    ],
  ],
  [
    "credentials of no index",
    { pythonIndexCredentials: "token" },
    [
      "pythonIndexCredentials",
      "[secret]",
      "network.pythonIndex, which it is for",
      "Set network.pythonIndex, or: pulumi config rm pythonIndexCredentials",
    ],
  ],
];
