import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

import { checkout } from "../../tools/toolchain/environment";
import { type Configuration, Stack } from "./stack";

/** The sample site online from a copy of its folder, which a test may edit. */
export class SampleSite {
  readonly stack = new Stack();
  /** The present configuration; see `configure`. */
  configuration: Configuration = {};
  private secrets: Configuration = {};
  /** The copy. */
  readonly folder = join(this.stack.folder, "app");

  /** Makes the stack and the copy; nothing is online yet. */
  async prepare(machine: object = { kind: "container" }): Promise<void> {
    await this.stack.init();
    cpSync(join(checkout, "examples/wepynaire"), this.folder, {
      recursive: true,
      filter: (file) => !/^(db\.sqlite3.*|media|staticfiles|__pycache__)$/.test(basename(file)),
    });
    await this.configure({
      machine,
      site: { name: "wepynaire", domains: ["localhost", "127.0.0.1"] },
      app: { path: this.folder },
      health: { path: "/healthz" },
    });
  }

  /** Changes sections of the configuration, and keeps the others. */
  async configure(changes: Configuration, secrets: Configuration = {}): Promise<void> {
    this.configuration = { ...this.configuration, ...changes };
    this.secrets = { ...this.secrets, ...secrets };
    await this.stack.configure(this.configuration, this.secrets);
  }

  /** The names of supervisor's programs in which an instance runs. */
  async instances(): Promise<string[]> {
    const running = "sudo supervisorctl status | awk '$2 ~ /RUNNING|STARTING/ { print $1 }'";
    return (await this.stack.ssh(running)).split("\n");
  }

  /** What supervisor and the instances say of themselves, for a test that failed. */
  async lastWords(): Promise<string> {
    const logs = "/var/log/supervisor/supervisord.log /var/log/wepynaire/gunicorn-*.log";
    return this.stack.ssh(`sudo supervisorctl status; date; sudo bash -c 'tail -n 40 ${logs}'; true`);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  remove(file: string): void {
    rmSync(join(this.folder, file));
  }

  /** Replaces a passage of a file, which must be there; returns what puts the file back. */
  edit(file: string, passage: string, replacement: string): () => void {
    const text = this.read(file);
    if (!text.includes(passage)) throw new Error(`${file} has no ${JSON.stringify(passage)}`);
    this.write(
      file,
      text.replace(passage, () => replacement),
    );
    return () => {
      this.write(file, text);
    };
  }
}
