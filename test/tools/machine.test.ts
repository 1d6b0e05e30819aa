import { strict as assert } from "node:assert";

import type { StateResource } from "../../tools/localStack";
import { machineCommand } from "../../tools/machine";

const urn = (type: string, name: string): string => `urn:pulumi:local::django-server::${type}::${name}`;

describe("the machine of a stack", () => {
  const stack: StateResource = {
    urn: urn("pulumi:pulumi:Stack", "django-server-local"),
    type: "pulumi:pulumi:Stack",
  };
  const command = {
    urn: urn("django-server:machine:Container$command:local:Command", "machine"),
    type: "command:local:Command",
    inputs: { triggers: ["local", { system: "debian-13" }] },
  };

  it("is told by the step that made its container, wherever that is in the tree", () => {
    const inner = { ...command, urn: command.urn.replace("::django-server:", "::a:b:C$django-server:") };
    assert.deepEqual(machineCommand([stack, command]), { urn: command.urn, name: "local" });
    assert.deepEqual(machineCommand([stack, inner]), { urn: inner.urn, name: "local" });
  });

  it("is none before the first run, and in a stack of servers", () => {
    const server = { urn: urn("django-server:machine:Ssh", "machine"), type: "django-server:machine:Ssh" };
    assert.equal(machineCommand([]), undefined);
    assert.equal(machineCommand([stack, server]), undefined);
  });
});
