import { strict as assert } from "node:assert";

import type { ProcessResult } from "../../components/machine/container/process";
import { type ScriptName, scripts, systemCheck } from "../../components/remote/scripts";
import { renderFacts } from "../../components/render/facts";
import { renderInstaller } from "../../components/render/hostScripts";
import { startMachine, type TestMachine } from "../support/containerMachine";
import { eventually } from "../support/eventually";
import { hostText } from "./bash";

/** Steps on a real machine that has troubles of its own. */
describe("a machine in trouble", () => {
  let machine: TestMachine;
  const step = (script: ScriptName, args: string, input = ""): Promise<ProcessResult> =>
    machine.exec(`sudo ${scripts[script].path} ${args}`, { input });
  const succeed = async (script: ScriptName, args: string, input = ""): Promise<void> => {
    const { code, stderr } = await step(script, args, input);
    assert.equal(code, 0, stderr);
  };
  /** Holds a lock as apt and dpkg do, which is not the lock of flock. */
  const hold = (file: string, seconds: number): Promise<ProcessResult> =>
    machine.exec(
      `sudo perl -e 'open F, "+>>", shift; $l = pack "s s x4 q q l x4", 1; fcntl F, 6, $l or die $!; sleep shift' ${file} ${seconds}`,
    );

  before(async () => {
    machine = await startMachine();
    const input = renderInstaller(systemCheck, Object.values(scripts));
    const { code, stderr } = await machine.exec("sudo bash -s -- a-machine", { input });
    assert.equal(code, 0, stderr);
  });
  after(() => machine.stop());

  it("whose package lists and packages are locked is waited for", async () => {
    const locks = Promise.all([hold("/var/lib/apt/lists/lock", 6), hold("/var/lib/dpkg/lock-frontend", 20)]);
    const start = Date.now();
    await succeed("packages", "ca-certificates");
    await succeed("packages", "tree");
    assert.ok(Date.now() - start > 18_000, `it took ${Date.now() - start} ms`);
    for (const { code, stderr } of await locks) assert.equal(code, 0, stderr);
  });

  it("that was switched off while packages were installed ends that first", async () => {
    const cutOff = step("packages", "curl nginx supervisor");
    await eventually(60, () =>
      machine.output("test -n \"$(ls /var/lib/dpkg/updates)\" && sudo pkill -9 -x 'dpkg|apt-get'"),
    );
    assert.notEqual((await cutOff).code, 0);
    await machine.reboot();
    assert.match(
      (await machine.exec("sudo apt-get -y install curl")).stderr,
      /dpkg was interrupted/,
      "nothing was cut off",
    );
    await succeed("packages", "curl nginx supervisor");
    await succeed("packages", "curl nginx supervisor");
    assert.equal(await machine.output("systemctl is-active nginx supervisor"), "active\nactive");
  });

  it("that was switched off while a package was unpacked gets it again", async () => {
    await machine.output(
      "sudo sed -i '/^Package: curl$/,/^Status:/s/^Status: .*/Status: install reinstreq unpacked/' /var/lib/dpkg/status",
    );
    assert.match((await machine.exec("sudo dpkg --configure -a")).stderr, /very bad inconsistent state/);
    await succeed("packages", "curl nginx supervisor");
    assert.equal(await machine.output("dpkg-query -W -f '${Status}' curl"), "install ok installed");
  });

  it("with a full disk does not unpack half a release, and keeps the others", async () => {
    await succeed("site-user", "mysite");
    // A small file system in place of the folder.
    await machine.output(`
      head -c 8M /dev/urandom >big && tar -czf .up.tar.gz big && rm big
      sudo rmdir /srv/mysite/releases && sudo mkdir -p /dev/shm/releases/old
      sudo touch /dev/shm/releases/old/.complete && sudo ln -s /dev/shm/releases /srv/mysite/releases
      sudo dd if=/dev/zero of=/dev/shm/fill bs=1M 2>/dev/null || true
      sudo truncate -s -4M /dev/shm/fill`);
    const sha256 = (await machine.output("sha256sum .up.tar.gz")).slice(0, 64);
    const facts = renderFacts({ archive: ".up.tar.gz", sha256, venv: "aaaaaaaaaaaa", root: "", releases: 5 });
    const { code, stderr } = await step("release", "mysite new", facts);
    assert.equal(code, 1);
    assert.match(stderr, /\nrelease: unpacking failed; is the disk full\?\n$/);
    assert.equal(await machine.output("sudo ls -A /srv/mysite/releases"), "old");
    await machine.output("sudo rm -rf /dev/shm/releases /dev/shm/fill /srv/mysite/releases");
  });

  it("whose nginx has a broken file of somebody else is told its name, and nginx is left alone", async () => {
    const file = "/etc/nginx/conf.d/theirs.conf";
    const state = "ls -R /etc/nginx | sha256sum; cat /run/nginx.pid";
    await machine.output(`echo 'lissten 80;' | sudo tee ${file}`);
    const before = await machine.output(state);
    const { code, stderr } = await step("nginx-site", "mysite localhost / 200-399", "server {}\n");
    assert.equal(code, 1);
    assert.match(stderr, /unknown directive "lissten" in \/etc\/nginx\/conf\.d\/theirs\.conf:1/);
    assert.match(stderr, /nginx refuses this configuration; the live one is untouched\n$/);
    assert.equal(await machine.output(state), before);
    await machine.output(`sudo rm ${file}`);
  });

  it("whose supervisor has a broken file of somebody else is told its name, and programs run on", async () => {
    const programs = "sudo supervisorctl pid theirs";
    await machine.output(`
      printf '[program:theirs]\\ncommand=sleep infinity\\n' | sudo tee /etc/supervisor/conf.d/theirs.conf
      sudo supervisorctl update
      printf '[program:broken]\\ncommand=%%(nothing)s\\n' | sudo tee /etc/supervisor/conf.d/broken.conf`);
    const before = await machine.output(programs);
    const script = [hostText("lib/common.sh"), hostText("lib/supervisor.sh"), "supervisor_reread"].join("\n");
    const { code, stderr } = await machine.exec("sudo env DJANGO_SERVER_STEP=activate bash -s activate", {
      input: script,
    });
    assert.equal(code, 1);
    assert.match(stderr, /broken/);
    assert.match(stderr, /supervisor cannot read its configuration \(running programs go on\)/);
    assert.equal(await machine.output(programs), before);
  });
});
