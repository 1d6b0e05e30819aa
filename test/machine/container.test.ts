import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { ContainerSystem } from "../../components/machine/args";
import {
  type ContainerFacts,
  containerStatus,
  startContainer,
} from "../../components/machine/container/container";
import { MachineFolder } from "../../components/machine/container/folder";
import { projectFolder } from "../../components/machine/here";
import { generateKeyPair } from "../../components/machine/keys";
import { imageName } from "../../components/machine/container/image";
import { type ProcessResult, run } from "../../components/machine/container/process";
import { type TestMachine, startMachine } from "../support/containerMachine";

const authority = join(__dirname, "authority.pem");
const program = [
  "node",
  "--import",
  "tsx",
  join(projectFolder, "components/machine/container/main.ts"),
] as const;

/** Calls the program as Pulumi does. */
function call(action: string, name: string, settings: object = {}): Promise<ProcessResult> {
  return run([...program, action, name], { input: JSON.stringify(settings), seconds: 280 });
}

for (const system of ["debian-13", "debian-12"] satisfies ContainerSystem[]) {
  describe(`a container machine with ${system}`, () => {
    let machine: TestMachine;
    before(async () => {
      const trusted = process.env["SSL_CERT_FILE"];
      process.env["SSL_CERT_FILE"] = authority;
      machine = await startMachine({ system });
      if (trusted === undefined) delete process.env["SSL_CERT_FILE"];
      else process.env["SSL_CERT_FILE"] = trusted;
    });
    after(() => machine.stop());

    it("is the system that was asked for, wholly booted", async () => {
      const number = system.replace("debian-", "");
      assert.equal(await machine.output('. /etc/os-release && echo "$ID $VERSION_ID"'), `debian ${number}`);
      assert.equal(await machine.output("systemctl is-system-running"), "running");
      assert.equal(await machine.output("systemctl --failed --no-legend"), "");
    });

    it("lets the login in by the pinned host key, with sudo and without a password", async () => {
      assert.equal(await machine.output("id -un && sudo -n id -un"), "debian\nroot");
      assert.match(machine.hostKey, /^ssh-ed25519 [A-Za-z0-9+/]{68}$/);
    });

    it("refuses root, passwords and another key", async () => {
      const settings = await machine.output("sudo sshd -T");
      assert.match(settings, /^permitrootlogin no$/m);
      assert.match(settings, /^passwordauthentication no$/m);
      assert.match(settings, /^kbdinteractiveauthentication no$/m);
      const root = await run([
        "ssh",
        "-F",
        machine.sshConfig,
        "-o",
        "BatchMode=yes",
        "-l",
        "root",
        machine.name,
      ]);
      assert.match(root.stderr, /Permission denied/);
    });

    it("is a fresh server: nothing of a site is installed", async () => {
      for (const name of ["nginx", "supervisord", "gunicorn", "pip", "uv"]) {
        assert.notEqual((await machine.exec(`command -v ${name}`)).code, 0, name);
      }
    });

    it("knows the updates and security fixes of its system", async () => {
      const policy = await machine.output("sudo apt-get update -qq && apt-cache policy");
      assert.match(policy, /-updates\/main/);
      assert.match(policy, /-security\/main/);
    });

    it("trusts the certificate authorities that this computer was told to trust", async () => {
      const answer = await machine.exec(
        "cat >/tmp/ca.pem && openssl verify -CApath /etc/ssl/certs /tmp/ca.pem",
        {
          input: readFileSync(authority),
        },
      );
      assert.equal(answer.stdout, "/tmp/ca.pem: OK\n", answer.stderr);
      const bundle = await machine.output("cat /etc/ssl/certs/ca-certificates.crt");
      assert.ok(bundle.includes(readFileSync(authority, "utf8").trim()));
    });

    it("keeps its data, ports and identity over a restart", async () => {
      await machine.output("echo kept | sudo tee /srv/note /home/debian/note");
      const identity = await machine.output("cat /etc/machine-id");
      await machine.reboot();
      assert.equal(await machine.output("cat /srv/note /home/debian/note"), "kept\nkept");
      assert.equal(await machine.output("cat /etc/machine-id"), identity);
      assert.equal(await machine.output("systemctl is-system-running"), "running");
    });
  });
}

describe("the container program", () => {
  let machine: TestMachine;
  before(async () => {
    machine = await startMachine();
  });
  after(() => machine.stop());

  it("answers with the same facts when it is asked again", async () => {
    await machine.output("echo kept >note");
    const { code, stdout, stderr } = await call("create", machine.name, { system: "debian-13" });
    assert.equal(code, 0, stderr);
    const facts = JSON.parse(stdout) as ContainerFacts;
    assert.deepEqual(facts, {
      host: "127.0.0.1",
      port: machine.sshPort,
      user: "debian",
      hostKey: machine.hostKey,
      id: machine.id,
      httpPort: machine.httpPort,
      httpsPort: machine.httpsPort,
      privateKey: machine.privateKey,
    });
    assert.equal(await machine.output("cat note"), "kept");
    assert.ok(!stderr.includes("PRIVATE KEY"));
  });

  it("keeps the key to its owner", () => {
    assert.equal(statSync(machine.privateKeyFile).mode & 0o777, 0o600);
    assert.equal(statSync(new MachineFolder(machine.name).path).mode & 0o777, 0o700);
  });

  it("publishes its ports on loopback only", async () => {
    const ports = await machine.engine.run(["port", machine.container]);
    assert.deepEqual(ports.split("\n").sort(), [
      `22/tcp -> 127.0.0.1:${machine.sshPort}`,
      `443/tcp -> 127.0.0.1:${machine.httpsPort}`,
      `80/tcp -> 127.0.0.1:${machine.httpPort}`,
    ]);
  });

  it("starts a stopped machine on the same ports", async () => {
    await machine.engine.run(["stop", machine.container]);
    assert.equal(await containerStatus(machine.name), "stopped");
    const facts = await startContainer(machine.name);
    const { id, sshPort, httpPort, httpsPort } = machine;
    assert.deepEqual(
      [facts.id, facts.port, facts.httpPort, facts.httpsPort],
      [id, sshPort, httpPort, httpsPort],
    );
    assert.equal(await containerStatus(machine.name), "running");
  });

  it("gives a second machine ports of its own, also while the first is stopped", async () => {
    await machine.engine.run(["stop", machine.container]);
    const second = await startMachine();
    try {
      assert.notEqual(second.sshPort, machine.sshPort);
      assert.notEqual(second.httpPort, machine.httpPort);
      assert.notEqual(second.httpsPort, machine.httpsPort);
    } finally {
      await second.stop();
      await startContainer(machine.name);
    }
  });

  it("leaves a container alone that another checkout made", async () => {
    writeFileSync(machine.privateKeyFile, generateKeyPair().privateKey, { mode: 0o600 });
    try {
      for (const action of ["create", "delete"]) {
        const { code, stderr } = await call(action, machine.name, { system: "debian-13" });
        assert.equal(code, 1);
        assert.match(
          stderr,
          /was made elsewhere \(.*\): destroy it there, choose another name, or remove it: /,
        );
      }
      assert.equal(await containerStatus(machine.name), "running");
    } finally {
      writeFileSync(machine.privateKeyFile, machine.privateKey, { mode: 0o600 });
    }
  });

  it("makes one good machine after it was killed half-way", async () => {
    const name = `${machine.name}-killed`;
    try {
      const child = spawn(program[0], [...program.slice(1), "create", name], {
        stdio: ["pipe", "ignore", "ignore"],
      });
      child.stdin.end(JSON.stringify({ system: "debian-13" }));
      const ended = once(child, "exit");
      while ((await containerStatus(name)) === "absent" && child.exitCode === null) continue;
      child.kill("SIGKILL");
      assert.deepEqual(await ended, [null, "SIGKILL"], "it was whole before it could be killed");

      const { code, stderr } = await call("create", name, { system: "debian-13" });
      assert.equal(code, 0, stderr);
      const ssh = await run(["ssh", "-F", new MachineFolder(name).sshConfig, name, "sudo -n id -un"]);
      assert.equal(ssh.stdout, "root\n", ssh.stderr);
    } finally {
      await call("delete", name);
    }
  });

  it("removes everything but the image, and does so twice", async () => {
    const doomed = await startMachine();
    for (let time = 0; time < 2; time++) {
      const { code, stderr } = await call("delete", doomed.name);
      assert.equal(code, 0, stderr);
      assert.equal(await containerStatus(doomed.name), "absent");
      assert.ok(!existsSync(new MachineFolder(doomed.name).path));
    }
    assert.equal((await doomed.engine.attempt(["image", "inspect", imageName("debian-13")])).code, 0);
  });

  it("says in one line what it can't use", async () => {
    const { code, stderr } = await call("create", "../x");
    assert.equal(code, 1);
    assert.match(stderr, /^"\.\.\/x" can't name a container machine: .*\n$/);
  });

  it("says in one line how to get a container engine", async () => {
    const [, ...rest] = program;
    const { code, stderr } = await run(["env", "PATH=/nowhere", process.execPath, ...rest, "create", "x"], {
      input: '{"system":"debian-13"}',
    });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^No container engine answers \(docker is not installed; podman is not installed\)\. .*\n$/,
    );
  });
});
