import { header } from "./header";
import { renderEnvironment } from "./environment";

/** What decides how the steps and the app reach the world. */
export interface Routes {
  /** There are certificate authorities beside the well-known ones. */
  ownAuthorities: boolean;
  proxy?: string;
  noProxy: readonly string[];
  pythonIndex?: string;
  /** The folder on the machine that holds the wheels which are used instead of an index. */
  wheels?: string;
}

type Variables = Record<string, string>;

/** All authorities that the machine trusts, which update-ca-certificates keeps. */
const bundle = "/etc/ssl/certs/ca-certificates.crt";

/** What is asked on the machine itself is never asked of a proxy. */
const loopback = ["localhost", "127.0.0.1", "::1"];

/**
 * The variables by which the app and what it starts reach the world. OpenSSL, and so Python's own `ssl`, reads the
 * machine's bundle anyway; certifi, which requests, httpx and botocore go by, has one of its own, and so has Node.js.
 */
export function appVariables({ ownAuthorities, proxy, noProxy }: Routes): Variables {
  const authorities = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"];
  return {
    ...(ownAuthorities && Object.fromEntries(authorities.map((name) => [name, bundle]))),
    ...(proxy !== undefined &&
      inBothSpellings({
        http_proxy: proxy,
        https_proxy: proxy,
        no_proxy: [...new Set([...loopback, ...noProxy])].join(","),
      })),
  };
}

/** The variables of the steps, build commands included, which install packages besides. */
export const stepVariables = (routes: Routes): Variables => ({
  ...appVariables(routes),
  ...(routes.pythonIndex !== undefined && {
    UV_DEFAULT_INDEX: routes.pythonIndex,
    PIP_INDEX_URL: routes.pythonIndex,
  }),
  ...(routes.wheels !== undefined && {
    ...{ UV_FIND_LINKS: routes.wheels, PIP_FIND_LINKS: routes.wheels },
    ...{ UV_OFFLINE: "1", PIP_NO_INDEX: "1" },
  }),
});

/** The file that every step sources: shell assignments, which systemd's EnvironmentFile= reads, too. */
export const renderNetworkEnvironment = (routes: Routes): string => renderEnvironment(stepVariables(routes));

/** Those variables that say other things here than there. */
export const changedVariables = (here: Variables, there: Variables): Variables =>
  Object.fromEntries(Object.entries(here).filter(([name, value]) => there[name] !== value));

/** Those variables that a person has not set, in whatever spelling. */
export function withoutGiven(variables: Variables, given: Variables): Variables {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !names.has(name.toLowerCase())));
}

/** curl reads `http_proxy` in lower case only, some programs the others in upper case only. */
const inBothSpellings = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => [
      [name, value],
      [name.toUpperCase(), value],
    ]),
  );

/**
 * A URL with credentials in it, escaped.
 * @param credentials USER:PASSWORD, or a token
 */
export function withCredentials(url: string, credentials: string): string {
  const [user, password] = split(credentials);
  return url.replace("://", `://${escaped(user)}:${escaped(password)}@`);
}

/** A user's name holds no colon; a token goes without a name by the one that PyPI and others take. */
function split(credentials: string): [user: string, password: string] {
  const colon = credentials.indexOf(":");
  if (colon < 0) return ["__token__", credentials];
  return [credentials.slice(0, colon), credentials.slice(colon + 1)];
}

const escaped = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/**
 * What apt goes by, also when it is run by hand or by the machine itself.
 * @param list the sources that stand in for the distribution's own; those that somebody added stay
 * @returns nothing where there is nothing to say
 */
export function renderApt({ proxy, noProxy }: Pick<Routes, "proxy" | "noProxy">, list?: string): string {
  const hosts = noProxy.filter((name) => /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(name));
  const lines = [
    ...(proxy === undefined ? [] : ["http", "https"]).flatMap((scheme) => [
      `Acquire::${scheme}::Proxy "${proxy ?? ""}";`,
      ...hosts.map((host) => `Acquire::${scheme}::Proxy::${host} "DIRECT";`),
    ]),
    ...(list === undefined
      ? []
      : [
          `Dir::Etc::sourcelist "${list}";`,
          ...["debian", "ubuntu"].map((name) => `Dir::Ignore-Files-Silently:: "^${name}\\.sources$";`),
        ]),
  ];
  return lines.length === 0 ? "" : `${header("//")}${lines.join("\n")}\n`;
}

/** What apt logs in to a proxy by, see apt_auth.conf(5); apt takes it for HTTPS alone unless it is told otherwise. */
export function renderAptAuth(proxy: string, credentials: string): string {
  const [user, password] = split(credentials);
  return `${header("#")}machine ${proxy} login ${user} password ${password}\n`;
}
