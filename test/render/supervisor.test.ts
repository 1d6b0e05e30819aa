import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";

import { instanceSocket, type ProgramSettings, renderSupervisor } from "../../components/render/supervisor";
import { gunicornSchema } from "../../components/settings/schema/gunicorn";
import { assertGolden } from "../support/golden";

const render = (changed: Partial<ProgramSettings> = {}): string =>
  renderSupervisor({
    ...{ site: "wepynaire", exec: "/opt/django-server/site-exec@0a1b2c3d" },
    ...{ gunicorn: gunicornSchema.parse({}), ...changed },
  });

/** The file as Python's own parser, which supervisor builds on, reads it, with percent signs expanded. */
function read(text: string): Record<string, Record<string, string>> {
  const program = `
import configparser, json, sys
parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"))
parser.read_string(sys.stdin.read())
print(json.dumps({s: {k: v % {} for k, v in parser[s].items()} for s in parser.sections()}))`;
  const json = execFileSync("python3", ["-c", program], { input: text, encoding: "utf8" });
  return JSON.parse(json) as Record<string, Record<string, string>>;
}

describe("supervisor's programs", () => {
  it("supervisor-defaults.conf", () => {
    assertGolden("supervisor-defaults.conf", render());
  });
  it("supervisor-one-instance.conf", () => {
    const gunicorn = gunicornSchema.parse({ instances: 1, gracefulTimeout: 60 });
    assertGolden("supervisor-one-instance.conf", render({ gunicorn }));
  });
  it("supervisor-percent-and-space.conf", () => {
    assertGolden("supervisor-percent-and-space.conf", render({ exec: "/opt/100% it's/%(app)s exec" }));
  });

  it("carry percent signs, spaces and quotes through supervisor's expansion and its splitting of words", () => {
    const program = read(render({ exec: "/opt/100% it's/%(app)s exec" }))["program:wepynaire-gunicorn-0"];
    const words = execFileSync("python3", [
      "-c",
      "import shlex, sys; print('\\n'.join(shlex.split(sys.argv[1])))",
      program?.["command"] ?? "",
    ]);
    assert.deepEqual(words.toString().trim().split("\n"), [
      ...[
        "/opt/100% it's/%(app)s exec",
        "wepynaire",
        "gunicorn",
        "--config",
        "/etc/django-server/wepynaire/gunicorn.conf.py",
      ],
      ...["--bind", "unix:/run/wepynaire/gunicorn-0.sock"],
    ]);
  });

  it("are one for each instance and a free one, with sockets and logs of their own", () => {
    const programs = read(render({ gunicorn: gunicornSchema.parse({ instances: 3 }) }));
    assert.deepEqual(
      Object.entries(programs).map(([name, { autostart }]) => [name, autostart]),
      ["true", "true", "true", "false"].map((autostart, index) => [
        `program:wepynaire-gunicorn-${index}`,
        autostart,
      ]),
    );
    Object.values(programs).forEach((program, index) => {
      assert.ok(program["command"]?.includes(`unix:${instanceSocket("wepynaire", index)}`));
      assert.equal(program["stdout_logfile"], `/var/log/wepynaire/gunicorn-${index}.log`);
      assert.equal(program["user"], "wepynaire");
    });
  });

  it("give gunicorn longer than its own grace before they are killed", () => {
    const programs = read(render({ gunicorn: gunicornSchema.parse({ gracefulTimeout: 90 }) }));
    for (const program of Object.values(programs)) assert.ok(Number(program["stopwaitsecs"]) > 90);
  });
});
