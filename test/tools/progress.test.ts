import { strict as assert } from "node:assert";

import { type EngineEvent, Progress } from "../../tools/progress";

const urn = (type: string, name: string): string => `urn:pulumi:local::django-server::${type}::${name}`;
const nginx = urn("django-server:index:Site$command:remote:Command", "nginx-site");

const step = (op: string, of = nginx, custom = true) => ({ metadata: { op, urn: of, new: { custom } } });
const error = (message: string, of?: string): EngineEvent => ({
  diagnosticEvent: { message, severity: "error", ...(of && { urn: of }) },
});

describe("the progress of a run", () => {
  it("has a line for each step that changed something, with its time", () => {
    const progress = new Progress();
    assert.deepEqual(progress.take({ resourcePreEvent: step("update") }, 1000), []);
    assert.equal(progress.running(3500), "nginx-site 2.5 s");
    const lines = progress.take({ resOutputsEvent: step("update") }, 5300);
    assert.deepEqual(lines, ["  ~ updated  nginx-site                         4.3 s"]);
    assert.equal(progress.running(6000), "");
  });

  it("says nothing of steps that change nothing, groups, providers, and what the engine traces", () => {
    const progress = new Progress();
    const events: EngineEvent[] = [
      { resOutputsEvent: step("same") },
      { resOutputsEvent: step("create", urn("django-server:index:Site", "site"), false) },
      { resOutputsEvent: step("create", urn("pulumi:providers:command", "default")) },
      { resOutputsEvent: step("delete-replaced") },
      { diagnosticEvent: { message: "Registering", severity: "debug" } },
      { diagnosticEvent: { message: "line 1", severity: "info", ephemeral: true } },
      {},
    ];
    assert.deepEqual(
      events.flatMap((event) => progress.take(event)),
      [],
    );
    assert.deepEqual(progress.failures(), []);
  });

  it("passes on what the program says and warns of", () => {
    const progress = new Progress();
    const say = (message: string, severity: string) =>
      progress.take({ diagnosticEvent: { message, severity } });
    assert.deepEqual(say("settings module: mysite.settings\n", "info"), [
      "  settings module: mysite.settings",
    ]);
    assert.deepEqual(say("DEBUG is on\n", "warning"), ["  warning: DEBUG is on"]);
  });

  it("names the step that failed with the reason and the last lines of its output", () => {
    const progress = new Progress();
    const output = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`).join("\n");
    progress.take({ resourcePreEvent: step("create") }, 0);
    progress.take(error(`exit status 1: running "nginx-site":\n${output}\n`, nginx));
    const lines = progress.take({ resOpFailedEvent: step("create") }, 100);
    progress.take(error("update failed"));
    assert.deepEqual(lines, ["  ! failed   nginx-site                         0.1 s"]);
    const [empty, title, reason, gap, ...tail] = progress.failures();
    assert.deepEqual(
      [empty, title, reason, gap],
      ["", "Failed: nginx-site", '  exit status 1: running "nginx-site":', "  …"],
    );
    assert.deepEqual([tail.length, tail[0], tail.at(-1)], [20, "  line 31", "  line 50"]);
  });

  it("tells an error of the program without its stack trace, once", () => {
    const progress = new Progress();
    const message =
      "Running program '/x/index.ts' failed with an unhandled exception:\n" +
      "\u001b[31mError: The port 70000 is out of range\u001b[39m\n" +
      "    at readSettings (/x/components/settings.ts:3:9)\n    at Module._compile (node:internal:1:2)\n";
    progress.take(error(message, urn("pulumi:pulumi:Stack", "django-server-local")));
    progress.take(error(message));
    assert.deepEqual(progress.failures(), ["", "Failed:", "  The port 70000 is out of range"]);
  });

  it("tells a run that was cancelled from one that failed", () => {
    const progress = new Progress();
    assert.deepEqual(progress.take(error("update canceled")), ["Cancelled; the next run goes on from here."]);
    assert.deepEqual(progress.failures(), []);
  });
});
