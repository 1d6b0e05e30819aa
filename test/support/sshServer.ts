import { randomBytes } from "node:crypto";
import { utils } from "ssh2";
import { type Engine, runningEngines } from "../../components/machine/container/engine";
import { bootFlags } from "../../components/machine/container/flags";
import { ensureImage } from "../../components/machine/container/image";

/** A real OpenSSH server in a container of its own; root may log in by key or password. */
export interface SshServer {
  host: string;
  /** Published on this computer's loopback. */
  port: number;
  /** Reached from the server itself only, at 127.0.0.1: what is behind it when it serves as a bastion. */
  innerPort: number;
  user: string;
  password: string;
  privateKey: string;
  /** `ssh-ed25519 AAAA…` */
  hostKey: string;
  /** Runs a shell command on the server, not over SSH, and returns its output. */
  run(command: string): Promise<string>;
  stop(): Promise<void>;
}

const innerPort = 2222;
const password = "correct horse";

/** Starts a server that accepts the environment variables ACCEPTED_* and PULUMI_COMMAND_STDOUT, and no others. */
export async function startSshServer(): Promise<SshServer> {
  const [engine] = await runningEngines();
  const name = `django-server-sshd-${randomBytes(4).toString("hex")}`;
  const login = utils.generateKeyPairSync("ed25519");
  const hostKey = utils.generateKeyPairSync("ed25519");
  const image = await ensureImage(engine, "debian-13");
  // It lives as long as the test.
  const options = ["--detach", "--name", name, ...bootFlags(engine.facts), "--restart", "no"];
  await engine.run(["run", ...options, "--publish", "127.0.0.1::22", image, "sleep", "infinity"]);
  const run = (command: string) => engine.run(["exec", name, "bash", "-c", command]);
  const stop = () => engine.remove(name);
  try {
    await engine.run(["exec", "--interactive", name, "bash", "-s"], {
      input: setUp(hostKey.private, login.public),
    });
    return {
      ...{ host: "127.0.0.1", port: await publishedPort(engine, name), innerPort, user: "root", password },
      ...{ privateKey: login.private, hostKey: hostKey.public, run, stop },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function publishedPort(engine: Engine, name: string): Promise<number> {
  return Number((await engine.run(["port", name, "22/tcp"])).split(":").pop());
}

function setUp(hostKey: string, loginKey: string): string {
  return `set -eu
umask 077
mkdir -p /run/sshd /root/.ssh
echo 'root:${password}' | chpasswd
cat >/root/.ssh/authorized_keys <<'END'
${loginKey}
END
cat >/root/host-key <<'END'
${hostKey.trim()}
END
cat >/root/sshd_config <<'END'
ListenAddress 0.0.0.0:22
ListenAddress 127.0.0.1:${innerPort}
HostKey /root/host-key
PermitRootLogin yes
PasswordAuthentication yes
KbdInteractiveAuthentication no
UsePAM no
AcceptEnv ACCEPTED_* PULUMI_COMMAND_STDOUT
Subsystem sftp internal-sftp
MaxStartups 100
# Refused logins are part of the tests.
PerSourcePenalties no
END
/usr/sbin/sshd -f /root/sshd_config
`;
}
