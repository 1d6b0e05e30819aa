import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { deleteContainer, startContainer } from "../../components/machine/container/container";
import { runningEngines } from "../../components/machine/container/engine";
import { find } from "../../components/machine/container/existing";
import { checkout, paths, pulumiEnvironment } from "../../tools/toolchain/environment";
import { ask, type HttpAnswer, type HttpOptions } from "./http";

/** The sections of a stack's configuration, as Pulumi.STACK.yaml has them below `django-server:`. */
export type Configuration = Readonly<Record<string, object | string>>;

/** How a program ended, with all that it said. */
export interface Run {
  code: number;
  text: string;
  /** What it said on standard output alone. */
  stdout: string;
}

interface Checkpoint {
  checkpoint: { latest: { resources: { type: string; outputs?: Record<string, unknown> }[] } };
}

const silently = ["--yes", "--skip-preview", "--suppress-progress"];

/** A Pulumi program. */
export interface Program {
  folder: string;
  /** The project's name. */
  project: string;
}

/** A stack of a program on the real engine, with a name, a state and settings of its own. */
export class Stack {
  readonly name = `e2e-${randomBytes(3).toString("hex")}`;
  /** A folder of the test's own, removed with the stack. */
  readonly folder = join(tmpdir(), `django-server-${this.name}`);
  /** The folder of the backend, which another stack may share. */
  backend = join(this.folder, "state");
  /** What the engine said in all its runs. */
  transcript = "";
  /** Further environment variables of the engine's. */
  variables: NodeJS.ProcessEnv = {};
  private readonly project = join(this.folder, "project");
  private readonly config = join(this.project, `Pulumi.${this.name}.yaml`);
  private readonly encryptions = new Map<string, string>();
  private outputs: Record<string, unknown> = {};

  /** @param program the one of this checkout, if none is named */
  constructor(private readonly program: Program = { folder: checkout, project: "django-server" }) {}

  /** A stack that is made already. */
  static async create(): Promise<Stack> {
    const stack = new Stack();
    await stack.init();
    return stack;
  }

  /** Makes the stack, empty: nothing of it is online yet. */
  async init(): Promise<void> {
    mkdirSync(this.folder, { recursive: true });
    mkdirSync(this.backend, { recursive: true });
    mkdirSync(this.project);
    // Made beside the checkout, so that the settings file does not land in it.
    writeFileSync(join(this.project, "Pulumi.yaml"), `name: ${this.program.project}\nruntime: nodejs\n`);
    await this.succeed(["stack", "init", this.name, "--no-select", "--cwd", this.project]);
  }

  /** Replaces the stack's whole configuration; `secrets` are encrypted. */
  async configure(configuration: Configuration, secrets: Configuration = {}): Promise<void> {
    const salt = this.salt();
    const config = new Map<string, unknown>();
    for (const [key, value] of Object.entries(configuration))
      config.set(`${this.program.project}:${key}`, value);
    for (const [key, value] of Object.entries(secrets)) {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      config.set(`${this.program.project}:${key}`, { secure: await this.encrypted(key, text) });
    }
    writeFileSync(this.config, `${salt}config: ${JSON.stringify(Object.fromEntries(config))}\n`);
  }

  /** `pulumi up`, which must succeed; returns what it said. */
  async up(...args: string[]): Promise<string> {
    const text = await this.succeed(["up", ...silently, ...this.here(), ...args]);
    const { checkpoint } = JSON.parse(this.state()) as Checkpoint;
    this.outputs =
      checkpoint.latest.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
    return text;
  }

  /** One `pulumi` command on this stack and nothing beside it, which must succeed. */
  async run(command: string, ...args: string[]): Promise<string> {
    return this.succeed([command, ...this.here(), ...args]);
  }

  /** `pulumi up`, which must fail; returns what it said. */
  async failedUp(): Promise<string> {
    const { code, text } = await this.pulumi(["up", ...silently, ...this.here()]);
    if (code === 0) throw new Error(`pulumi up succeeded, and should not have:\n${text}`);
    return text;
  }

  /** `pulumi up`, interrupted as by Ctrl-C once something has happened, and ended by itself; returns what it said. */
  async interruptedUp(happened: () => boolean): Promise<string> {
    const controller = new AbortController();
    const watch = setInterval(() => {
      if (happened()) controller.abort();
    }, 50);
    const run = this.pulumi(["up", ...silently, ...this.here()], "", controller.signal);
    const { code, text } = await run.finally(() => {
      clearInterval(watch);
    });
    if (code === 0) throw new Error(`pulumi up ended before it was interrupted:\n${text}`);
    return text;
  }

  /** `pulumi preview --diff`; returns what it said, whether it succeeded or not. */
  async preview(): Promise<string> {
    return (await this.pulumi(["preview", "--diff", ...this.here()])).text;
  }

  async destroy(): Promise<string> {
    return this.succeed(["destroy", ...silently, ...this.here()]);
  }

  /** `npm run VERB` on this stack, which may fail. */
  async verb(name: string, args: readonly string[] = [], input = ""): Promise<Run> {
    const all = ["run", "--silent", name, "--", "--stack", this.name, ...args];
    const run = await execute("npm", all, { env: this.environment(), input });
    this.transcript += run.text;
    return run;
  }

  /** Goes to a kept release, or forward, as `npm run rollback` does it; it must succeed. */
  async rollback(...args: string[]): Promise<string> {
    const { code, text } = await this.verb("rollback", ["--yes", "--config-file", this.config, ...args]);
    if (code !== 0) throw new Error(`npm run rollback ended with ${code}:\n${text}`);
    return text;
  }

  /** An output of the last `up`. */
  output(name: string): string {
    const value = this.outputs[name];
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  /** The state as it is kept on disk, secrets encrypted. */
  state(): string {
    return readFileSync(
      join(this.backend, ".pulumi", "stacks", this.program.project, `${this.name}.json`),
      "utf8",
    );
  }

  /** The output of a shell command line on the machine, by the `ssh` output; it must succeed. */
  async ssh(command: string, input = ""): Promise<string> {
    const [program = "", ...args] = this.output("ssh").split(" ");
    const { code, text } = await execute(program, [...args, "-o", "BatchMode=yes", command], {
      input,
      cwd: this.program.folder,
    });
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${text}`);
    return text.trim();
  }

  /** Asks the site as a visitor does; rejects when the connection is closed without an answer. */
  http(path: string, options: HttpOptions = {}): Promise<HttpAnswer> {
    const url = new URL(this.output("url"));
    const address = this.output("address");
    return ask(Number(url.port || 80), path, { host: url.hostname, address, ...options });
  }

  /** Restarts the stack's container, as a power cycle does, and waits until SSH answers. */
  async reboot(): Promise<void> {
    const found = await find(await runningEngines(), this.name);
    if (!found) throw new Error(`the machine of ${this.name} is not there`);
    await found.engine.run(["restart", found.id]);
    await startContainer(this.name);
  }

  /** Destroys what there is and removes every trace, also of a stack that a failed test left half done. */
  async close(): Promise<void> {
    try {
      await this.destroy();
    } finally {
      await deleteContainer(this.name);
      const archives = join(paths.local, "releases");
      for (const file of existsSync(archives) ? readdirSync(archives) : []) {
        if (file.startsWith(`${this.name}-`)) rmSync(join(archives, file));
      }
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private salt(): string {
    return /^encryptionsalt:.*\n/m.exec(readFileSync(this.config, "utf8"))?.[0] ?? "";
  }

  /** A value as the stack's configuration keeps a secret. */
  private async encrypted(key: string, text: string): Promise<string> {
    const known = this.encryptions.get(text);
    if (known !== undefined) return known;
    // Alone in the file, it is written in a form that is easily read.
    writeFileSync(this.config, this.salt());
    const place = ["--stack", this.name, "--cwd", this.project];
    await this.succeed(["config", "set", "--secret", ...place, key], text);
    const secure = new RegExp(`:${key}:\\s+secure: (\\S+)`).exec(readFileSync(this.config, "utf8"))?.[1];
    if (secure === undefined) throw new Error(`${key} is not in ${this.config}`);
    this.encryptions.set(text, secure);
    return secure;
  }

  private here(): string[] {
    return ["--stack", this.name, "--cwd", this.program.folder, "--config-file", this.config];
  }

  private async succeed(args: readonly string[], input = ""): Promise<string> {
    const { code, text } = await this.pulumi(args, input);
    if (code !== 0) throw new Error(`pulumi ${args[0] ?? ""} ended with ${code}:\n${text}`);
    return text;
  }

  private environment(): NodeJS.ProcessEnv {
    return {
      ...pulumiEnvironment(),
      PULUMI_BACKEND_URL: `file://${this.backend}`,
      PULUMI_CONFIG_PASSPHRASE: "end to end",
      PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
      ...this.variables,
    };
  }

  private async pulumi(args: readonly string[], input = "", interrupt?: AbortSignal): Promise<Run> {
    const options = { env: this.environment(), input, ...(interrupt && { interrupt }) };
    const run = await execute("pulumi", [...args, "--non-interactive", "--color", "never"], options);
    this.transcript += run.text;
    return run;
  }
}

/** Runs a program, in the checkout by default, to its end, within ten minutes; `interrupt` sends it what Ctrl-C does. */
export function execute(
  program: string,
  args: readonly string[],
  {
    env = process.env,
    input = "",
    interrupt,
    cwd = checkout,
  }: { env?: NodeJS.ProcessEnv; input?: string; interrupt?: AbortSignal; cwd?: string },
): Promise<Run> {
  return new Promise((resolve) => {
    const options = { cwd, env, maxBuffer: 2 ** 26, timeout: 600_000 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      resolve({ code, text: stdout + stderr, stdout });
    });
    interrupt?.addEventListener("abort", () => child.kill("SIGINT"));
    child.stdin?.end(input);
  });
}
