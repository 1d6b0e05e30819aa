import { readFileSync } from "node:fs";
import { join } from "node:path";

import { shellCommand } from "../../../components/render/shell";
import { serverRequirements, uv } from "../../../components/versions";
import type { TestMachine } from "../../support/containerMachine";
import { eventually } from "../../support/eventually";

/** Where each server listens, on the machine's own loopback. */
export const addresses = {
  proxy: "http://127.0.0.1:3128",
  index: "https://localhost:8443/simple",
  mirror: "http://127.0.0.1:8081/debian",
} as const;

export type Server = keyof typeof addresses;

/** What the two that ask for credentials take, with the signs that break out of URLs, shells and files. */
export const credentials = { proxy: `robot:hush"#%/\\'proxy`, index: `reader:hush@:$(id)&index` } as const;

const home = "/opt/outside";

/**
 * A closed network around a machine: its processes reach nothing, save for those of the user `outside`, as whom a proxy, a
 * package index with a certificate of its own authority, and a mirror of Debian run there.
 */
export class Surroundings {
  constructor(private readonly machine: TestMachine) {}

  /** Fetches the wheels while the machine is on the internet, starts the servers, and closes the network. */
  async close(): Promise<void> {
    const { machine } = this;
    await machine.output(`sudo useradd --system outside && sudo install -d -m 0700 -o "$USER" ${home}`);
    await machine.output(`cat >${home}/servers.py`, {
      input: readFileSync(join(__dirname, "servers.py"), "utf8"),
    });
    for (const [name, text] of Object.entries(credentials))
      await machine.output(`cat >${home}/${name}.credentials`, { input: text });
    await machine.output(`set -e; cd ${home}\n${fetchWheels}\n${makeCertificates}\nsudo chown -R outside: .`);
    await machine.output(leaveInternet);
    await this.start("proxy", `${home}/proxy.credentials`);
    await this.start("index", `${home}/index.credentials`, `${home}/wheels`, `${home}/server.pem`);
    await this.start("mirror");
  }

  private async start(name: Server, ...args: string[]): Promise<void> {
    const { port } = new URL(addresses[name]);
    const unit = ["systemd-run", `--unit=outside-${name}`, "--uid=outside", "--quiet"];
    const log = ["-p", `StandardOutput=append:${home}/${name}.log`];
    const program = ["/usr/bin/python3", `${home}/servers.py`, name, port, ...args];
    await this.machine.output(shellCommand("sudo", ...unit, ...log, ...program));
    await eventually(10, () => this.machine.output(`exec 3<>/dev/tcp/127.0.0.1/${port}`));
  }

  stop(name: Server): Promise<string> {
    return this.machine.output(`sudo systemctl stop outside-${name}`);
  }

  /** The requests that a server was sent so far, each after `OK ` or `DENIED `. */
  async requests(name: Server): Promise<string[]> {
    return (await this.machine.output(`sudo cat ${home}/${name}.log`)).split("\n");
  }

  /** Copies a file or a folder of the surroundings to this computer. */
  async copy(name: string, target: string): Promise<void> {
    await this.machine.engine.run(["cp", `${this.machine.container}:${home}/${name}`, target]);
  }

  /** From now on, notes all command lines there are; see `commandLines`. */
  watchCommandLines(): Promise<string> {
    const loop = "while sleep 0.03; do cat /proc/[0-9]*/cmdline; done 2>/dev/null | tr '\\0' ' '";
    const unit = ["--unit=outside-watch", "--quiet", "-p", `StandardOutput=append:${home}/lines.log`];
    return this.machine.output(shellCommand("sudo", "systemd-run", ...unit, "bash", "-c", loop));
  }

  /** The command lines that were seen, since `watchCommandLines`, of whatever process. */
  commandLines(): Promise<string> {
    return this.machine.output(
      `sudo systemctl stop outside-watch; sudo cat ${home}/lines.log | tr -s ' ' '\\n' | sort -u`,
    );
  }

  /** The files outside of the surroundings that hold a text, and the journal. */
  filesWith(text: string): Promise<string> {
    return this.machine.output(
      `cat >/tmp/pattern; for place in /etc /home /opt /root /run /srv /tmp /usr/local /var; do
        sudo grep -rlFf /tmp/pattern "$place" --exclude-dir=outside --exclude=pattern 2>/dev/null; done | sort
      sudo journalctl -q --no-pager | grep -cFf /tmp/pattern || true`,
      { input: text },
    );
  }
}

/** What docs/networks.md tells to do, for this machine and what the test's projects ask for. */
const fetchWheels = `
sudo apt-get -qq update && apt-get -qq download python3-pip-whl && dpkg-deb -x python3-pip-whl_*.deb pip
wheel=$(echo pip/usr/share/python-wheels/pip-*.whl)
python3 "$wheel/pip" -q download --dest wheels --only-binary :all: \\
  --platform "manylinux2014_$(uname -m)" --platform "manylinux_2_28_$(uname -m)" --cert /etc/ssl/certs/ca-certificates.crt \\
  uv==${uv.version} ${serverRequirements.wsgi.split(" ")[0] ?? ""} django==5.2.19 asgiref==3.13.0 sqlparse==0.6.1 whitenoise==6.9.0
rm -r pip python3-pip-whl_*.deb; sudo rm -r /var/lib/apt/lists`;

const makeCertificates = `
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" "\${@:2}" 2>/dev/null; }
new authority -x509 -days 2 -subj '/CN=The authority of a test' -addext keyUsage=critical,keyCertSign -out authority.pem
new server -subj /CN=localhost -out server.csr
printf '%s\\n' subjectAltName=DNS:localhost basicConstraints=CA:FALSE authorityKeyIdentifier=keyid |
  openssl x509 -req -in server.csr -CA authority.pem -CAkey authority.key -days 2 -extfile - -out server.crt 2>/dev/null
cat server.crt server.key >server.pem`;

/** The default route is there for one user only. */
const leaveInternet = `
id=$(id -u outside) route=$(ip route show default)
sudo ip route add $route table 100 && sudo ip rule add uidrange "$id-$id" lookup 100 && sudo ip route del default
! timeout 5 bash -c 'exec 3<>/dev/tcp/deb.debian.org/80' 2>/dev/null`;
