import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as command from "@pulumi/command";
import { runtime } from "@pulumi/pulumi";
import { utils } from "ssh2";
import { startSshAgent } from "../support/sshAgent";
import { type SshServer, startSshServer } from "../support/sshServer";
import { skip } from "../support/skip";
import { startSilentPort } from "../support/silentPort";
import { startUnsteadyPort } from "../support/unsteadyPort";
import { cases } from "./cases";
import { type CommandStack, type Kept, type Observation, openStack } from "./engine";
import { plugins } from "./plugins";
import { hidden } from "./remoteCases";
import type { Case, Expected, Setting } from "./table";

const rounds = [0, 1, 2];

/** What the engine did to the resources in each run and at last, and how the state then kept them. */
interface Record {
  runs: { observed: Map<string, Observation>; kept: Map<string, Kept>; state: string }[];
  diff: string;
  destroyed: Map<string, Observation>;
  /** FILE:LINE of everything left on the server. */
  left: string[];
}

for (const plugin of Object.keys(plugins) as (keyof typeof plugins)[]) {
  describe(`the command resources with ${plugin}`, () => {
    let record: Record;

    before(async function () {
      this.timeout(600_000);
      const stack = await openStack(plugin);
      if ("missing" in stack) skip(this, `${plugin} is ${stack.missing}`);
      const server = await startSshServer();
      try {
        record = await play(stack, server);
      } finally {
        await server.stop();
        stack.close();
      }
    });

    for (const row of cases) {
      it(row.name, () => {
        for (const round of rounds) compare(row, round, record);
        const { errors } = record.destroyed.get(row.name) ?? { errors: [] };
        assert.deepEqual(errors, row.deletionError === undefined ? [] : [row.deletionError]);
        const left = record.left.filter((line) => line.startsWith(`${row.name}/`));
        if (row.left)
          assert.deepEqual(
            left.map((line) => line.slice(row.name.length + 1)),
            row.left,
          );
      });
    }

    it("shows a changed line of stdin in the diff", () => {
      assert.match(record.diff, /~ stdin *: \n +first\n +- second\n +\+ 2nd\n +third\n/);
    });

    it("keeps secrets out of the state", () => {
      for (const { state } of record.runs) assert.ok(!state.includes(hidden));
    });
  });
}

function compare(row: Case, round: number, { runs }: Record): void {
  const run = runs[round];
  assert.ok(run);
  const observed = run.observed.get(row.name);
  const step = row.runs[round];
  if (step) matches(observed, run.kept.get(row.name), step.expected);
  // Without a new declaration the last one stays, and nothing may happen; a failed one is taken out.
  else if (stays(row)) assert.deepEqual(observed, { op: "same", errors: [], warnings: [], status: [] });
}

function matches(observed: Observation | undefined, kept: Kept | undefined, expected: Expected): void {
  assert.ok(observed);
  const { error, warning, status, outputs } = expected;
  if (error instanceof RegExp) assert.match(observed.errors.at(-1) ?? "", error);
  else assert.deepEqual(observed.errors, error === undefined ? [] : [error]);
  assert.equal(observed.op, expected.op);
  if (warning) assert.match(observed.warnings.join("\n"), warning);
  else assert.deepEqual(observed.warnings, []);
  if (status) assert.deepEqual(observed.status.toSorted(), status.toSorted());
  if (error !== undefined && expected.op === "create") assert.equal(kept, undefined);
  else assert.ok(kept);
  for (const [name, value] of Object.entries(outputs ?? {}))
    assert.deepEqual(readable(kept?.outputs[name]), value, name);
}

/** A property of the state with "(secret)" in place of what is encrypted. */
function readable(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (runtime.specialSigKey in value && "ciphertext" in value) return "(secret)";
  if (Array.isArray(value)) return value.map(readable);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, readable(field)]));
}

const stays = (row: Case): boolean => row.runs.at(-1)?.expected.error === undefined;

/** Runs all cases as the resources of one stack. */
async function play(stack: CommandStack, server: SshServer): Promise<Record> {
  const here = mkdtempSync(join(tmpdir(), "command-plugin-cases-"));
  const there = "/root/cases";
  const agent = await startSshAgent(server.privateKey);
  const unsteady = await startUnsteadyPort(server.port, 2);
  const silent = await startSilentPort();
  const encryptedKey = utils.generateKeyPairSync("ed25519", {
    passphrase: "open",
    cipher: "aes256-ctr",
    rounds: 4,
  });
  try {
    const names = cases.map(({ name }) => name);
    for (const name of names) mkdirSync(join(here, name));
    await server.run(`mkdir -p ${names.map((name) => `${there}/${name}`).join(" ")}`);
    await server.run(`echo '${encryptedKey.public}' >>/root/.ssh/authorized_keys`);
    const { host, port, user, privateKey, hostKey } = server;
    const connection = { host, port, user, privateKey, hostKey };
    const setting = (name: string): Setting => ({
      ...{ server, connection, there: `${there}/${name}`, here: join(here, name) },
      ...{ unsteadyPort: unsteady.port, silentPort: silent.port, agentSocket: agent.socket },
      encryptedKey: { text: encryptedKey.private, password: "open" },
    });
    const program = (round: number) => () => {
      for (const row of cases) {
        const step = row.runs[round] ?? (stays(row) ? row.runs.at(-1) : undefined);
        step?.declare(row.name, setting(row.name));
      }
      return Promise.resolve();
    };
    const runs: Record["runs"] = [];
    for (const round of rounds) {
      for (const row of cases) row.runs[round]?.before?.(setting(row.name));
      const observed = await stack.up(program(round));
      // There is nothing to read back, so this must change nothing that the next run sees.
      await stack.refresh();
      runs.push({ observed, kept: stack.state(), state: stack.stateText() });
    }
    const destroyed = await stack.destroy();
    const left = (await server.run(`cd ${there} && grep -rs '' . | sort`))
      .split("\n")
      .map((line) => line.slice(2));
    return { runs, diff: await diff(stack, connection), destroyed, left };
  } finally {
    agent.stop();
    unsteady.stop();
    silent.stop();
    rmSync(here, { recursive: true });
  }
}

/** What `preview --diff` shows for one changed line of a file on stdin. */
async function diff(stack: CommandStack, connection: Setting["connection"]): Promise<string> {
  const program = (line: string) => () => {
    new command.remote.Command("file", { connection, create: "cat", stdin: `first\n${line}\nthird\n` });
    return Promise.resolve();
  };
  await stack.up(program("second"));
  return stack.preview(program("2nd"));
}
