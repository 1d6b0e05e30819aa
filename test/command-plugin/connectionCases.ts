import { utils } from "ssh2";
import { type Case, type Declare, type Expected, type Setting, over } from "./table";

const other = utils.generateKeyPairSync("ed25519");
const created = { op: "create", outputs: { stdout: "in" } };
const failed = (error: string | RegExp): Expected => ({ op: "create", error });
const once = (name: string, declare: Declare, expected: Expected): Case => ({
  name,
  runs: [{ declare, expected }],
});

const proxy = ({ server: { host, port, user, privateKey, hostKey } }: Setting) => ({
  ...{ host, port, user, privateKey, hostKey, dialErrorLimit: 1 },
});
/** The server's inner port, which only the server itself reaches. */
const inner = ({ server }: Setting) => ({ host: "127.0.0.1", port: server.innerPort });

/** How a remote resource gets in, and what it says when it does not. */
export const connectionCases: Case[] = [
  once(
    "host-key-refused",
    over(() => ({ hostKey: other.public, dialErrorLimit: 1 })),
    failed("after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch"),
  ),
  once(
    "host-key-unreadable",
    over(() => ({ hostKey: "nonsense" })),
    failed("failed to parse host key: ssh: no key found"),
  ),
  once(
    "host-key-with-comment",
    over(({ server }) => ({ hostKey: `${server.hostKey.trim()} root@somewhere` })),
    created,
  ),
  once(
    "host-key-unset",
    over(() => ({ hostKey: undefined as never })),
    created,
  ),
  once(
    "key-refused",
    over(() => ({ privateKey: other.private, dialErrorLimit: 1 })),
    failed(
      "after 1 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
    ),
  ),
  once(
    "key-unreadable",
    over(() => ({ privateKey: "nonsense" })),
    failed("ssh: no key found"),
  ),
  once(
    "key-encrypted",
    over(({ encryptedKey }) => ({
      privateKey: encryptedKey.text,
      privateKeyPassword: encryptedKey.password,
    })),
    created,
  ),
  once(
    "key-encrypted-no-password",
    over(({ encryptedKey }) => ({ privateKey: encryptedKey.text })),
    failed("ssh: this private key is passphrase protected"),
  ),
  once(
    "key-encrypted-wrong-password",
    over(({ encryptedKey }) => ({ privateKey: encryptedKey.text, privateKeyPassword: "wrong" })),
    failed("x509: decryption password incorrect"),
  ),
  once(
    "password",
    over(({ server }) => ({ privateKey: undefined as never, password: server.password })),
    created,
  ),
  once(
    "password-after-key",
    over(({ server }) => ({ privateKey: other.private, password: server.password })),
    created,
  ),
  once(
    "password-refused",
    over(() => ({ privateKey: undefined as never, password: "wrong", dialErrorLimit: 0 })),
    failed(
      "after 0 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none password], no supported methods remain",
    ),
  ),
  once(
    "no-way-in",
    over(() => ({ privateKey: undefined as never, dialErrorLimit: 0 })),
    failed(
      "after 0 failed attempts: ssh: handshake failed: ssh: unable to authenticate, attempted methods [none], no supported methods remain",
    ),
  ),
  once(
    "agent",
    over(({ agentSocket }) => ({ privateKey: undefined as never, agentSocketPath: agentSocket })),
    created,
  ),
  once(
    "agent-absent",
    over(() => ({ agentSocketPath: "/nowhere" })),
    failed("dial unix /nowhere: connect: no such file or directory"),
  ),
  once(
    "user-default",
    over(() => ({ user: undefined as never }), "id -un"),
    { op: "create", outputs: { stdout: "root" } },
  ),
  once(
    "user-unknown",
    over(() => ({ user: "nobody-here", dialErrorLimit: 0 })),
    failed(/^after 0 failed attempts: ssh: handshake failed: ssh: unable to authenticate/),
  ),
  once(
    "unreachable",
    over(() => ({ port: 1, dialErrorLimit: 2 })),
    {
      ...failed("after 2 failed attempts: dial tcp 127.0.0.1:1: connect: connection refused"),
      status: ["Dial 1/2 failed: retrying", "Dial 2/2 failed: retrying"],
    },
  ),
  once(
    "silent",
    over(({ silentPort }) => ({ port: silentPort, perDialTimeout: 1, dialErrorLimit: 0 })),
    failed(/^after 0 failed attempts: dial tcp 127\.0\.0\.1:\d+: i\/o timeout$/),
  ),
  once(
    "unresolvable",
    over(() => ({ host: "nowhere.invalid", dialErrorLimit: 0 })),
    failed(/^after 0 failed attempts: dial tcp: lookup nowhere\.invalid.*: no such host$/),
  ),
  once(
    "booting",
    over(({ unsteadyPort }) => ({ port: unsteadyPort })),
    {
      ...created,
      status: ["Dial 1/10 failed: retrying", "Dial 2/10 failed: retrying", "in"],
    },
  ),
  once(
    "no-limit",
    over(({ server }) => ({ port: server.port, dialErrorLimit: -1, perDialTimeout: 0 })),
    created,
  ),
  once(
    "bastion",
    over((setting) => ({ ...inner(setting), proxy: proxy(setting) })),
    created,
  ),
  once(
    "bastion-host-key-refused",
    over((setting) => ({ ...inner(setting), proxy: { ...proxy(setting), hostKey: other.public } })),
    failed("proxy: after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch"),
  ),
  once(
    "bastion-unreachable",
    over((setting) => ({ ...inner(setting), proxy: { ...proxy(setting), port: 1 } })),
    {
      ...failed("proxy: after 1 failed attempts: dial tcp 127.0.0.1:1: connect: connection refused"),
      status: ["Dial proxy 1/1 failed: retrying"],
    },
  ),
  once(
    "bastion-target-unreachable",
    over((setting) => ({ ...inner(setting), port: 1, dialErrorLimit: 1, proxy: proxy(setting) })),
    {
      ...failed("proxy: after 1 failed attempts: ssh: rejected: connect failed (Connection refused)"),
      status: ["Dial from proxy 1/1 failed: retrying"],
    },
  ),
  once(
    "bastion-target-host-key-refused",
    over((setting) => ({
      ...inner(setting),
      hostKey: other.public,
      dialErrorLimit: 0,
      proxy: proxy(setting),
    })),
    failed("proxy: after 0 failed attempts: ssh: handshake failed: ssh: host key mismatch"),
  ),
];
