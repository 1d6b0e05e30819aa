import { strict as assert } from "node:assert";

import * as pulumi from "@pulumi/pulumi";

import { type SshMachineArgs, createMachine } from "../../components/machine";
import { projectFolder } from "../../components/machine/here";

const hostKey = "ssh-ed25519 AAAAhost";
const facts = {
  id: "f".repeat(64),
  host: "127.0.0.1",
  port: 2201,
  httpPort: 8081,
  httpsPort: 8444,
  user: "debian",
  hostKey,
  privateKey: "PRIVATE-KEY-OF-THE-CONTAINER",
};

let recorded: pulumi.runtime.MockResourceArgs[] = [];

/** The plain value of an output, and whether it is a secret. */
async function reveal<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  const value = await new Promise<T>((resolve) => {
    output.apply(resolve);
  });
  return { value, secret: await pulumi.isSecret(output) };
}

async function mock(stack: string): Promise<void> {
  recorded = [];
  await pulumi.runtime.setMocks(
    {
      newResource(args) {
        recorded.push(args);
        return {
          id: `${args.name}-id`,
          state: { ...(args.inputs as object), stdout: JSON.stringify(facts) },
        };
      },
      call({ token }) {
        throw new Error(`unexpected call of ${token}`);
      },
    },
    "django-server",
    stack,
  );
}

describe("a machine of kind container", () => {
  beforeEach(() => mock("local"));

  it("is one command with a relative folder, its settings on stdin and as triggers", async () => {
    const machine = createMachine("machine", { kind: "container" });
    await reveal(machine.machineId);
    assert.deepEqual(
      recorded.map(({ type, name }) => `${type} ${name}`),
      ["django-server:machine:Container machine", "command:local:Command machine"],
    );
    const inputs = recorded[1]?.inputs as Record<string, unknown>;
    assert.deepEqual(inputs, {
      dir: ".",
      create: "node --require tsx/cjs components/machine/container/main.ts create local",
      delete: "node --require tsx/cjs components/machine/container/main.ts delete local",
      stdin: '{\n  "system": "debian-13"\n}',
      triggers: ["local", { system: "debian-13" }],
      addPreviousOutputInEnv: false,
      logging: "stderr",
    });
    assert.ok(!JSON.stringify(recorded).includes(projectFolder));
    assert.equal(machine.resource?.constructor.name, "Command");
  });

  it("is reached by the facts of its container, the key being secret and the rest plain", async () => {
    const machine = createMachine("machine", { kind: "container" });
    const { value, secret } = await reveal(machine.connection);
    assert.ok(secret);
    assert.deepEqual(value, {
      host: "127.0.0.1",
      port: 2201,
      user: "debian",
      privateKey: facts.privateKey,
      hostKey,
      dialErrorLimit: 60,
      perDialTimeout: 15,
    });
    assert.deepEqual(await reveal(machine.machineId), { value: facts.id, secret: false });
    assert.deepEqual(await reveal(machine.address), { value: "127.0.0.1", secret: false });
    assert.deepEqual(await reveal(machine.httpPort), { value: 8081, secret: false });
    assert.deepEqual(await reveal(machine.httpsPort), { value: 8444, secret: false });
    assert.deepEqual(await reveal(machine.ssh), {
      value: "ssh -F .local/machines/local/ssh-config local",
      secret: false,
    });
    assert.ok(!JSON.stringify(recorded).includes(facts.privateKey));
  });

  it("passes on fixed ports, another system and another name", async () => {
    const ports = { httpPort: 8000, httpsPort: 8001, sshPort: 2222 };
    const args = { name: "demo", system: "debian-12", ...ports } as const;
    await reveal(createMachine("machine", { kind: "container", ...args }).machineId);
    const inputs = recorded[1]?.inputs as { create: string; stdin: string; triggers: unknown[] };
    const settings = { system: "debian-12", ...ports };
    assert.match(inputs.create, / create demo$/);
    assert.deepEqual(JSON.parse(inputs.stdin), settings);
    assert.deepEqual(inputs.triggers, ["demo", settings]);
  });

  it("gives a stack's further machines names of their own", async () => {
    await reveal(createMachine("web-2", { kind: "container" }).machineId);
    assert.match((recorded[1]?.inputs as { create: string }).create, / create local-web-2$/);
  });

  it("refuses a name that is not safe", () => {
    assert.throws(
      () => createMachine("machine", { kind: "container", name: "$(id)" }),
      /can't name a container machine/,
    );
  });
});

describe("a machine of kind ssh", () => {
  const server: SshMachineArgs = { kind: "ssh", host: "vps.example.org", hostKey, privateKey: "PRIVATE-KEY" };
  let agentSocket: string | undefined;
  beforeEach(async () => {
    agentSocket = process.env["SSH_AUTH_SOCK"];
    await mock("vps");
  });
  afterEach(() => {
    if (agentSocket === undefined) delete process.env["SSH_AUTH_SOCK"];
    else process.env["SSH_AUTH_SOCK"] = agentSocket;
  });

  it("pins the host key and keeps the whole connection secret", async () => {
    const machine = createMachine("machine", server);
    const { value, secret } = await reveal(machine.connection);
    assert.ok(secret);
    assert.deepEqual(value, {
      host: "vps.example.org",
      port: 22,
      user: "root",
      hostKey,
      privateKey: "PRIVATE-KEY",
      dialErrorLimit: 4,
      perDialTimeout: 10,
    });
  });

  it("is identified by where it is, and never deleted", async () => {
    const machine = createMachine("machine", server);
    assert.deepEqual(await reveal(machine.machineId), { value: "ssh://vps.example.org:22", secret: false });
    assert.deepEqual(await reveal(machine.address), { value: "vps.example.org", secret: false });
    assert.deepEqual(await reveal(machine.httpPort), { value: 80, secret: false });
    assert.deepEqual(await reveal(machine.httpsPort), { value: 443, secret: false });
    assert.deepEqual(await reveal(machine.ssh), { value: "ssh root@vps.example.org", secret: false });
    assert.equal(machine.resource, undefined);
    assert.ok(!JSON.stringify(recorded).includes("PRIVATE-KEY"));
  });

  it("goes through a bastion with its own pinned key, by default as the same user with the same key", async () => {
    const bastion = { host: "2001:db8::1", port: 2022, hostKey: "ssh-ed25519 AAAAbastion" };
    const machine = createMachine("machine", { ...server, port: 2200, user: "ada", bastion });
    const { value } = await reveal(machine.connection);
    assert.deepEqual(value.proxy, {
      host: "2001:db8::1",
      port: 2022,
      user: "ada",
      hostKey: "ssh-ed25519 AAAAbastion",
      privateKey: "PRIVATE-KEY",
      dialErrorLimit: 4,
      perDialTimeout: 10,
    });
    assert.equal(
      (await reveal(machine.ssh)).value,
      "ssh -J ada@[2001:db8::1]:2022 -p 2200 ada@vps.example.org",
    );
  });

  it("shows visitors another address and port when it is told to", async () => {
    const outside = { address: "www.example.org", httpPort: 8080, httpsPort: 8443 };
    const machine = createMachine("machine", { ...server, ...outside });
    assert.equal((await reveal(machine.address)).value, "www.example.org");
    assert.equal((await reveal(machine.httpPort)).value, 8080);
    assert.equal((await reveal(machine.httpsPort)).value, 8443);
  });

  const keyless: SshMachineArgs = { kind: "ssh", host: "vps.example.org", hostKey };

  it("uses the running agent instead of a key", async () => {
    process.env["SSH_AUTH_SOCK"] = "/run/agent.sock";
    const { value } = await reveal(createMachine("machine", { ...keyless, agent: true }).connection);
    assert.equal(value.agentSocketPath, "/run/agent.sock");
    assert.equal(value.privateKey, undefined);
  });

  it("refuses a key and an agent, neither, and an agent that does not run", () => {
    delete process.env["SSH_AUTH_SOCK"];
    const refused = (args: SshMachineArgs, reason: RegExp): void => {
      assert.throws(() => createMachine("machine", args), reason);
    };
    refused({ ...server, agent: true }, /exactly one of privateKey and agent/);
    refused(keyless, /exactly one of privateKey and agent/);
    refused({ ...keyless, agent: true }, /no SSH agent runs/);
  });
});
