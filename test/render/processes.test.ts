import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";

import { renderProcesses } from "../../components/render/processes";
import { processesSchema } from "../../components/settings/schema/processes";
import { assertGolden } from "../support/golden";
import { readSupervisor, shellWords } from "../support/supervisor";

const exec = "/opt/django-server/site-exec@0a1b2c3d";
const render = (processes: object): string => renderProcesses("shop", exec, processesSchema.parse(processes));

describe("the programs of processes", () => {
  it("processes.conf", () => {
    const worker = { command: "celery -A shop worker", count: 2, stopTimeout: 300 };
    assertGolden("processes.conf", render({ worker, beat: { command: "celery -A shop beat" } }));
  });

  it("are as many as are asked for, each with a log of its own, and none of a process that is not to run", () => {
    const programs = readSupervisor(render({ a: { command: "x", count: 3 }, b: { command: "y", count: 0 } }));
    assert.deepEqual(
      Object.entries(programs).map(([name, { stdout_logfile: log }]) => [name, log]),
      [0, 1, 2].map((number) => [`program:shop-a-${number}`, `/var/log/shop/a-${number}.log`]),
    );
  });

  it("have TERM sent to the program alone, and the killing to all that it has started", () => {
    const program = readSupervisor(render({ a: { command: "x", stopTimeout: 7 } }))["program:shop-a-0"];
    const { stopasgroup, killasgroup, stopwaitsecs } = program ?? {};
    assert.deepEqual([stopasgroup, killasgroup, stopwaitsecs], [undefined, "true", "7"]);
  });

  for (const argument of [
    'it\'s "100%" %(x)s',
    " ;no # comment ;; #",
    "\\ back\\slash",
    "żółć",
    "$HOME `id` $(id)",
    ";",
  ]) {
    it(`carry ${JSON.stringify(argument)} through supervisor and bash, byte for byte`, () => {
      const command = `printf %s '${argument.replaceAll("'", "'\\''")}' # not this`;
      const text = renderProcesses("shop", exec, { a: { command, count: 1, stopTimeout: 60 } });
      const [script, site, ...rest] = shellWords(readSupervisor(text)["program:shop-a-0"]?.["command"] ?? "");
      assert.deepEqual([script, site, rest[0]], [exec, "shop", "bash"]);
      assert.equal(execFileSync("bash", rest.slice(1), { encoding: "utf8" }), argument);
    });
  }
});
