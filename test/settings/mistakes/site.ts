import type { RawConfig } from "../../../components/settings/check";
import { type Mistake, domain, inFile, remove, set } from "./mistake";

const site = (name: unknown): RawConfig => ({ site: { name, domains: ["example.org"] } });
const domainName = "a domain name such as example.org";
const siteName =
  "2 to 30 lower-case letters, digits and inner dashes, a letter first: it names files and a system user";

/** Of the site's names, and keys that nobody knows. */
export const siteMistakes: Mistake[] = [
  [
    "no domains",
    { site: {} },
    ["site.domains", "nothing", "a list of domain names", set("'site.domains[0]'")],
  ],
  [
    "an empty list of domains",
    { site: { domains: [] } },
    ["site.domains", "[]", "at least one domain name", set("'site.domains[0]'")],
  ],
  [
    "a domain with a space",
    domain("a b.org"),
    ["site.domains[0]", '"a b.org"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a semicolon",
    domain("a;b.org"),
    ["site.domains[0]", '"a;b.org"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a newline",
    domain("a.org\nb"),
    ["site.domains[0]", '"a.org\\nb"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a command",
    domain("$(id)"),
    ["site.domains[0]", '"$(id)"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a port",
    domain("a.org:80"),
    ["site.domains[0]", '"a.org:80"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain that is a URL",
    domain("http://a.org"),
    ["site.domains[0]", '"http://a.org"', domainName, set("'site.domains[0]'")],
  ],
  [
    "a domain with a long label",
    domain(`${"a".repeat(64)}.org`),
    ["site.domains[0]", `"${"a".repeat(56)}…`, domainName, set("'site.domains[0]'")],
  ],
  [
    "one domain in two spellings",
    { site: { domains: ["a.org", "A.org"] } },
    ["site.domains", '["a.org","A.org"]', "each domain once", inFile],
  ],
  ["a site name that climbs", site("../x"), ["site.name", '"../x"', siteName, set("site.name")]],
  [
    "a site name of 300 characters",
    site("a".repeat(300)),
    ["site.name", `"${"a".repeat(56)}…`, siteName, set("site.name")],
  ],
  [
    "a site name of 31 characters",
    site("a".repeat(31)),
    ["site.name", `"${"a".repeat(31)}"`, siteName, set("site.name")],
  ],
  ["a site name in upper case", site("Shop"), ["site.name", '"Shop"', siteName, set("site.name")]],
  ["a site name with a space", site("my shop"), ["site.name", '"my shop"', siteName, set("site.name")]],
  ["a site name with a newline", site("shop\n"), ["site.name", '"shop\\n"', siteName, set("site.name")]],
  ["an empty site name", site(""), ["site.name", '""', siteName, set("site.name")]],
  [
    "a site name of the system",
    site("root"),
    ["site.name", '"root"', "a name that is not the system's own", set("site.name")],
  ],
  [
    "a package with an option",
    { site: { domains: ["a.org"], packages: ["-oX"] } },
    ["site.packages[0]", '"-oX"', "the name of a Debian package", set("'site.packages[0]'")],
  ],
  ["a mistyped key", { sit: "x" }, ["sit", "this key", "a key of the settings reference", remove("sit")]],
  [
    "a key named as objects' own",
    { constructor: "x" },
    ["constructor", "this key", "a key of the settings reference", remove("constructor")],
  ],
];
