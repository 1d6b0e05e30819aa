import { Stack } from "../test/support/stack";
import { maxAge, sample } from "./sample";
import type { Way } from "./way";

/** `pulumi up` of a stack that makes its own container; without a preview before it, as `npm start` runs it. */
export class StackWay implements Way {
  private seconds = maxAge;
  /** The release that served before the present one. */
  private before = "";
  /** The release to go back to. */
  private kept: string | undefined;

  private constructor(
    readonly stack: Stack,
    private readonly app: string,
  ) {}

  static async create(app: string): Promise<StackWay> {
    return new StackWay(await Stack.create(), app);
  }

  start(): Promise<void> {
    return this.up();
  }

  async repeat(): Promise<void> {
    await this.up("--expect-no-changes");
  }

  async setMaxAge(seconds: number): Promise<void> {
    this.seconds = seconds;
    await this.up();
  }

  async release(): Promise<void> {
    this.before = this.stack.output("release");
    this.kept = undefined;
    await this.up();
  }

  async rollBack(): Promise<void> {
    this.kept = this.before;
    await this.up();
  }

  port(): number {
    return Number(new URL(this.stack.output("url")).port || 80);
  }

  close(): Promise<void> {
    return this.stack.close();
  }

  private async up(...args: string[]): Promise<void> {
    await this.stack.configure({
      ...sample,
      machine: { kind: "container" },
      app: { path: this.app, ...(this.kept !== undefined && { release: this.kept }) },
      nginx: { staticMaxAge: this.seconds },
    });
    await this.stack.up(...args);
  }
}
