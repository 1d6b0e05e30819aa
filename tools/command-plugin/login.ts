import { connect } from "node:net";
import {
  utils,
  type AnyAuthMethod,
  type AuthHandlerMiddleware,
  type ConnectConfig,
  type ParsedKey,
} from "ssh2";
import type { Endpoint } from "./connection";

/** Who the server must be, and the ways to log in, in their order. */
export interface Login {
  server: Pick<ConnectConfig, "username" | "hostVerifier" | "algorithms">;
  methods: AnyAuthMethod[];
}

/** Throws when the host key or the private key can't be read, or the agent is not there. */
export async function loginOf(endpoint: Endpoint): Promise<Login> {
  const { user: username, password, privateKey } = endpoint;
  const methods: AnyAuthMethod[] = [{ type: "none", username }];
  if (privateKey !== undefined) {
    methods.push({
      type: "publickey",
      username,
      key: parsePrivateKey(privateKey, endpoint.privateKeyPassword),
    });
  }
  if (password !== undefined) {
    methods.push({ type: "password", username, password });
    methods.push({
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => {
        finish(prompts.map(() => password));
      },
    });
  }
  const agent = endpoint.agentSocketPath ?? (process.env.SSH_AUTH_SOCK || undefined);
  if (agent !== undefined) {
    await findAgent(agent);
    // Go's client tries each kind of login once: a private key stands before the agent's keys.
    if (privateKey === undefined) methods.push({ type: "agent", username, agent });
  }
  return { server: { username, ...(endpoint.hostKey === undefined ? {} : pin(endpoint.hostKey)) }, methods };
}

/** The name by which a server knows a way to log in: an agent offers public keys. */
const wireName = ({ type }: AnyAuthMethod) => (type === "agent" ? "publickey" : type);

/** Tries those methods that the server allows, each once; `tried` grows by their names. */
export function authentication(methods: AnyAuthMethod[], tried: string[]): AuthHandlerMiddleware {
  const left = [...methods];
  return (allowed: string[] | null, _partial, next) => {
    const index = left.findIndex((method) => allowed?.includes(wireName(method)) ?? method.type === "none");
    const [method] = index < 0 ? [] : left.splice(index, 1);
    if (method) tried.push(wireName(method));
    // ssh2 takes `false` for "none is left", which its types do not know.
    next(method ?? (false as never));
  };
}

function pin(hostKey: string): Login["server"] {
  const expected = utils.parseKey(hostKey);
  if (expected instanceof Error) throw new Error("failed to parse host key: ssh: no key found");
  return {
    // Only its own kind is asked for, or a server with several keys might present another.
    algorithms: { serverHostKey: [expected.type] },
    hostVerifier: (presented: Buffer) => presented.equals(expected.getPublicSSH()),
  };
}

function parsePrivateKey(text: string, passphrase: string | undefined): ParsedKey {
  const key = utils.parseKey(text, passphrase);
  if (!(key instanceof Error)) return key;
  if (/no passphrase given/.test(key.message))
    throw new Error("ssh: this private key is passphrase protected");
  if (/bad passphrase|bad decrypt|integrity/i.test(key.message))
    throw new Error("x509: decryption password incorrect");
  throw new Error("ssh: no key found");
}

function findAgent(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.end();
      resolve();
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      const reason =
        code === "ENOENT"
          ? "no such file or directory"
          : code === "ECONNREFUSED"
            ? "connection refused"
            : code;
      reject(new Error(`dial unix ${path}: connect: ${reason ?? "failed"}`));
    });
  });
}
