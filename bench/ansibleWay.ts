import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { scripts } from "../components/remote/scripts";
import { renderEnvironment } from "../components/render/environment";
import { renderGunicorn } from "../components/render/gunicorn";
import { renderNginxSite } from "../components/render/nginx";
import { gunicornSchema } from "../components/settings/schema/gunicorn";
import { nginxSchema } from "../components/settings/schema/nginx";
import { readSource } from "../components/source";
import { requirement, serverRequirements, uv } from "../components/versions";
import { startMachine, type TestMachine } from "../test/support/containerMachine";
import { execute } from "../test/support/stack";
import { playbookEnvironment, playbookProgram } from "./ansibleCore";
import { maxAge, sample } from "./sample";
import type { Way } from "./way";

const site = sample.site.name;
const [domain] = sample.site.domains;
const gunicorn = gunicornSchema.parse(sample.gunicorn);

/** `ansible-playbook` with bench/ansible/site.yml; the files it places are rendered as for a stack. */
export class AnsibleWay implements Way {
  /** A short path: the name of a socket has at most 108 bytes. */
  private readonly folder = mkdtempSync(join(tmpdir(), "django-server-ansible-"));
  private readonly control = join(this.folder, "ssh");
  private machine: TestMachine | undefined;
  private variables: Record<string, unknown> = {
    ...{ site, domain, health: sample.health.path, instances: gunicorn.instances },
    ...{ files: this.folder, uv: `/opt/uv-${uv.version}` },
  };
  /** What `variables` named before the present release. */
  private before = {};

  constructor(private readonly app: string) {
    this.write("uv.txt", requirement(uv));
    this.write("gunicorn.conf.py", renderGunicorn(site, gunicorn, scripts["asgi-worker"].path));
    this.writeNginx(maxAge);
  }

  async start(): Promise<void> {
    this.machine = await startMachine();
    await this.release();
  }

  async repeat(): Promise<void> {
    const recap = await this.play();
    if (!/ changed=0 /.test(recap)) throw new Error(`the playbook changed something again:\n${recap}`);
  }

  async setMaxAge(seconds: number, ...args: string[]): Promise<void> {
    this.writeNginx(seconds);
    await this.play(...args);
  }

  async release(): Promise<void> {
    const { archive, releaseId, dependencies, settingsModule, application } = await readSource(
      { app: { path: this.app } },
      { base: this.app, archiveFolder: join(this.folder, "releases"), label: "bench" },
    );
    copyFileSync(resolve(archive), join(this.folder, "archive.tar.gz"));
    this.write(
      "requirements.txt",
      `${dependencies.files["requirements.txt"] ?? ""}\n${serverRequirements.wsgi}`,
    );
    this.write(
      "environment",
      renderEnvironment({ DJANGO_SETTINGS_MODULE: settingsModule, ALLOWED_HOSTS: domain }),
    );
    this.before = this.variables;
    this.variables = { ...this.variables, release: releaseId, venv: dependencies.id, wsgi: application };
    await this.play();
  }

  /** Also forward again: to the release that served before the present one. */
  async rollBack(...args: string[]): Promise<void> {
    [this.variables, this.before] = [this.before, this.variables];
    await this.play(...args);
  }

  port(): number {
    return this.running().httpPort;
  }

  async close(): Promise<void> {
    if (this.machine !== undefined) {
      const { sshConfig, name } = this.machine;
      // The connection that Ansible keeps for its next run.
      await execute("ssh", ["-F", sshConfig, "-o", `ControlPath=${this.control}`, "-O", "exit", name], {});
      await this.machine.stop();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  private writeNginx(staticMaxAge: number): void {
    const nginx = nginxSchema.parse({ staticMaxAge });
    this.write(
      "nginx.conf",
      renderNginxSite({
        ...{ site, domains: [domain], redirects: [], httpPort: 80, webSockets: false },
        ...{ ...gunicorn, nginx },
      }),
    );
  }

  /** One run of the playbook; returns what it said, its recap last. */
  private async play(...args: string[]): Promise<string> {
    const { name, sshConfig } = this.running();
    const where = ["--inventory", `${name},`, "--ssh-common-args", `-F ${sshConfig}`];
    const what = ["--extra-vars", JSON.stringify(this.variables), join(__dirname, "ansible/site.yml")];
    const env = {
      ...process.env,
      ...playbookEnvironment,
      ANSIBLE_HOME: this.folder,
      ANSIBLE_SSH_CONTROL_PATH: this.control,
    };
    const { code, text } = await execute(playbookProgram, [...where, ...args, ...what], { env });
    if (code !== 0) throw new Error(`ansible-playbook ended with ${code}:\n${text}`);
    return text;
  }

  private running(): TestMachine {
    if (this.machine === undefined) throw new Error("the machine was not started");
    return this.machine;
  }
}
