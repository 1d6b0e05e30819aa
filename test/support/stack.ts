import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { deleteContainer } from "../../components/machine/container/container";
import { checkout, pulumiEnvironment } from "../../tools/toolchain/environment";

/** The sections of a stack's configuration, as Pulumi.STACK.yaml has them below `django-server:`. */
export type Configuration = Readonly<Record<string, object | string>>;

/** How a program ended, with all that it said. */
export interface Run {
  code: number;
  text: string;
}

export interface HttpOptions {
  /** @default the host name of the stack's url */
  host?: string;
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Every header line as it came, `name: value`. */
  headerLines: string[];
  /** As it came: compressed when it says so. */
  body: Buffer;
  text: string;
}

/** A stack of this checkout on the real engine, with a name, a state and settings of its own. */
export class Stack {
  readonly name = `e2e-${randomBytes(3).toString("hex")}`;
  /** A folder of the test's own, removed with the stack. */
  readonly folder = mkdtempSync(join(tmpdir(), "django-server-e2e-"));
  /** What the last run of the engine said. */
  lastText = "";
  private readonly project = join(this.folder, "project");
  private readonly config = join(this.project, `Pulumi.${this.name}.yaml`);
  private outputs: Record<string, unknown> = {};

  /** An empty stack, nothing of it online yet. */
  static async create(): Promise<Stack> {
    const stack = new Stack();
    mkdirSync(join(stack.folder, "state"));
    mkdirSync(stack.project);
    // Made beside the checkout, so that the settings file does not land in it.
    writeFileSync(join(stack.project, "Pulumi.yaml"), "name: django-server\nruntime: nodejs\n");
    await stack.succeed(["stack", "init", stack.name, "--no-select", "--cwd", stack.project]);
    return stack;
  }

  /** Replaces the stack's whole configuration; `secrets` are encrypted. */
  async configure(configuration: Configuration, secrets: Configuration = {}): Promise<void> {
    const salt = /^encryptionsalt:.*\n/m.exec(readFileSync(this.config, "utf8"))?.[0] ?? "";
    const config = Object.entries(configuration).map(([key, value]) => [`django-server:${key}`, value]);
    writeFileSync(this.config, `${salt}config: ${JSON.stringify(Object.fromEntries(config))}\n`);
    for (const [key, value] of Object.entries(secrets)) {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      const place = ["--stack", this.name, "--cwd", this.project];
      await this.succeed(["config", "set", "--secret", ...place, `django-server:${key}`], text);
    }
  }

  /** `pulumi up`, which must succeed; returns what it said. */
  async up(...args: string[]): Promise<string> {
    const text = await this.succeed(["up", "--yes", "--skip-preview", ...this.here(), ...args]);
    const json = await this.succeed(["stack", "output", "--json", "--stack", this.name, "--cwd", checkout]);
    this.outputs = JSON.parse(json) as Record<string, unknown>;
    return text;
  }

  /** One `pulumi` command on this stack and nothing beside it, which must succeed. */
  async run(command: string, ...args: string[]): Promise<string> {
    return this.succeed([command, ...this.here(), ...args]);
  }

  /** `pulumi up`, which must fail; returns what it said. */
  async failedUp(): Promise<string> {
    const { code, text } = await this.pulumi(["up", "--yes", "--skip-preview", ...this.here()]);
    if (code === 0) throw new Error(`pulumi up succeeded, and should not have:\n${text}`);
    return text;
  }

  /** `pulumi preview --diff`; returns what it said, whether it succeeded or not. */
  async preview(): Promise<string> {
    return (await this.pulumi(["preview", "--diff", ...this.here()])).text;
  }

  async destroy(): Promise<string> {
    return this.succeed(["destroy", "--yes", "--skip-preview", ...this.here()]);
  }

  /** An output of the last `up`. */
  output(name: string): string {
    const value = this.outputs[name];
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  /** The state as it is kept on disk, secrets encrypted. */
  state(): string {
    return readFileSync(
      join(this.folder, "state", ".pulumi", "stacks", "django-server", `${this.name}.json`),
      "utf8",
    );
  }

  /** The output of a shell command line on the machine, by the `ssh` output; it must succeed. */
  async ssh(command: string): Promise<string> {
    const [program = "", ...args] = this.output("ssh").split(" ");
    const { code, text } = await execute(program, [...args, "-o", "BatchMode=yes", command], {});
    if (code !== 0) throw new Error(`${command} ended with ${code}: ${text}`);
    return text.trim();
  }

  /** Asks the site as a visitor does; rejects when the connection is closed without an answer. */
  http(path: string, options: HttpOptions = {}): Promise<HttpAnswer> {
    const url = new URL(this.output("url"));
    return ask(Number(url.port || 80), path, { host: url.hostname, ...options });
  }

  /** Destroys what there is and removes every trace, also of a stack that a failed test left half done. */
  async close(): Promise<void> {
    try {
      await this.destroy();
    } finally {
      await deleteContainer(this.name);
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private here(): string[] {
    return ["--stack", this.name, "--cwd", checkout, "--config-file", this.config];
  }

  private async succeed(args: readonly string[], input = ""): Promise<string> {
    const { code, text } = await this.pulumi(args, input);
    if (code !== 0) throw new Error(`pulumi ${args[0] ?? ""} ended with ${code}:\n${text}`);
    return text;
  }

  private async pulumi(args: readonly string[], input = ""): Promise<Run> {
    const env = {
      ...pulumiEnvironment(),
      PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "end to end",
      PULUMI_CONFIG_PASSPHRASE_FILE: undefined,
    };
    const run = await execute("pulumi", [...args, "--non-interactive", "--color", "never"], { env, input });
    this.lastText = run.text;
    return run;
  }
}

/** Runs a program in the checkout to its end, within ten minutes. */
export function execute(
  program: string,
  args: readonly string[],
  { env = process.env, input = "" }: { env?: NodeJS.ProcessEnv; input?: string },
): Promise<Run> {
  return new Promise((resolve) => {
    const options = { cwd: checkout, env, maxBuffer: 2 ** 26, timeout: 600_000 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      resolve({ code, text: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}

/** One request to this computer's loopback, on a connection of its own. */
export function ask(
  port: number,
  path: string,
  { host = "localhost", method = "GET", headers = {}, body }: HttpOptions = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const target = { host: "127.0.0.1", port, path, method, agent: false, timeout: 30_000 };
    const asked = request({ ...target, headers: { host: `${host}:${port}`, ...headers } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () => {
        const whole = Buffer.concat(parts);
        const lines = answer.rawHeaders.flatMap((name, index, all) =>
          index % 2 === 0 ? [`${name.toLowerCase()}: ${all[index + 1] ?? ""}`] : [],
        );
        resolve({
          ...{ status: answer.statusCode ?? 0, headers: answer.headers, headerLines: lines },
          ...{ body: whole, text: whole.toString() },
        });
      });
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer from ${host}${path} within 30 s`)));
    asked.on("error", reject);
    asked.end(body);
  });
}
