import { strict as assert } from "node:assert";

import { instanceSocket, type ProgramSettings, renderSupervisor } from "../../components/render/supervisor";
import { gunicornSchema } from "../../components/settings/schema/gunicorn";
import { assertGolden } from "../support/golden";
import { readSupervisor as read, shellWords } from "../support/supervisor";

const render = (changed: Partial<ProgramSettings> = {}): string =>
  renderSupervisor({
    ...{ site: "wepynaire", exec: "/opt/django-server/site-exec@0a1b2c3d" },
    ...{ gunicorn: gunicornSchema.parse({}), ...changed },
  });

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
    assert.deepEqual(shellWords(program?.["command"] ?? ""), [
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
