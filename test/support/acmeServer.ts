import type { TestMachine } from "./containerMachine";

/**
 * Debian's pebble, Let's Encrypt's own server for tests, on a machine. It asks for challenges as the real one does, at
 * port 80 of what a name leads to; every name leads to the machine itself, unless it is told that there is none.
 */
export class AcmeServer {
  readonly directory = "https://localhost:14000/dir";

  constructor(private readonly machine: TestMachine) {}

  /** Installs and starts it; the machine trusts it from then on. */
  async start(): Promise<void> {
    await this.machine.output("sudo bash -s", { input: script });
  }

  /** The authority that its certificates lead to, PEM. */
  async authority(): Promise<string> {
    return this.machine.output("curl --silent --fail https://localhost:15000/roots/0");
  }

  /** From now on nobody finds a name any more, or everybody does again. */
  async lose(name: string, lost = true): Promise<void> {
    const what = lost ? "set-servfail" : "clear-servfail";
    await this.machine.output(
      `curl --silent --fail --data '{"host":"${name}"}' http://localhost:8055/${what}`,
    );
  }
}

const config = JSON.stringify({
  pebble: {
    ...{ listenAddress: "127.0.0.1:14000", managementListenAddress: "127.0.0.1:15000" },
    ...{ certificate: "/etc/pebble/server.pem", privateKey: "/etc/pebble/server.key" },
    ...{ httpPort: 80, tlsPort: 443, ocspResponderURL: "", externalAccountBindingRequired: false },
  },
});

const script = `set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
{ apt-get -q update && apt-get -q -y --no-install-recommends install curl pebble; } >/var/log/pebble-install.log 2>&1 </dev/null
mkdir -p /etc/pebble
cd /etc/pebble
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \\
  -keyout server.key -out server.pem 2>/dev/null
cp server.pem /usr/local/share/ca-certificates/pebble.crt
update-ca-certificates >/dev/null 2>&1
printf '%s' '${config}' >config.json
systemd-run --quiet --unit pebble-names pebble-challtestsrv -defaultIPv4 127.0.0.1 -defaultIPv6 '' \\
  -dns01 127.0.0.1:8053 -http01 '' -https01 '' -tlsalpn01 '' -doh '' -management 127.0.0.1:8055
# Real ones lose a nonce now and then; certbot asks once more, and gives up when that one is lost, too.
systemd-run --quiet --unit pebble --setenv PEBBLE_VA_NOSLEEP=1 --setenv PEBBLE_WFE_NONCEREJECT=2 --setenv PEBBLE_AUTHZREUSE=0 \\
  pebble -config /etc/pebble/config.json -dnsserver 127.0.0.1:8053
for _ in {1..50}; do
  if curl --silent --fail --output /dev/null https://localhost:14000/dir; then exit 0; fi
  sleep 0.2
done
journalctl --unit pebble --unit pebble-names --no-pager >&2
exit 1
`;
