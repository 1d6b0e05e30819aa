import { isObject, isUnknown, secret, unwrap } from "./properties";
import type { CheckFailure, Properties } from "./resource";

/** One SSH server and how to log in there. */
export interface Endpoint {
  host: string;
  port: number;
  user: string;
  password?: string;
  /** The key's text, in OpenSSH's or PEM format. */
  privateKey?: string;
  privateKeyPassword?: string;
  /** @default the environment's SSH_AUTH_SOCK */
  agentSocketPath?: string;
  /** How often dialling may fail and be tried again; -1 for ever. */
  dialErrorLimit: number;
  /** Seconds for one TCP connection; 0 waits for ever. */
  perDialTimeout: number;
  /** The one accepted host key, `ssh-ed25519 AAAA…`. @default any key is accepted */
  hostKey?: string;
}

export interface Connection extends Endpoint {
  /** The bastion to go through. */
  proxy?: Endpoint;
}

const defaults = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };

/** Fills in the connection's defaults and makes it, and the credentials in it, secret. */
export function checkConnection(inputs: Properties): { inputs: Properties; failures: CheckFailure[] } {
  const connection = checkEndpoint(inputs.connection, "connection");
  return { inputs: { ...inputs, connection: secret(connection.value) }, failures: connection.failures };
}

function checkEndpoint(input: unknown, property: string): { value: unknown; failures: CheckFailure[] } {
  const given = unwrap(input);
  if (isUnknown(given)) return { value: given, failures: [] };
  if (!isObject(given)) return { value: given, failures: [{ property, reason: "must be an object" }] };
  const failures = given.host === undefined ? [{ property: `${property}.host`, reason: "is missing" }] : [];
  const value: Properties = { ...defaults, ...given };
  for (const name of ["password", "privateKey", "privateKeyPassword"]) {
    if (name in value) value[name] = secret(value[name]);
  }
  if ("proxy" in value) {
    const proxy = checkEndpoint(value.proxy, `${property}.proxy`);
    value.proxy = proxy.value;
    failures.push(...proxy.failures);
  }
  return { value, failures };
}
