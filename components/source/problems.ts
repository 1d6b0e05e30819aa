/** One mistake in what a person gave: where, what, what was expected, and what to do about it. */
export interface Problem {
  /** The setting, such as `app.path`. */
  key: string;
  /** What was found; never a secret. */
  value: string;
  expected: string;
  /** An instruction: what to change. */
  fix: string;
}

/** Everything that is wrong with a Django project's source, one line for each problem. */
export class SourceError extends Error {
  override readonly name = "SourceError";

  constructor(readonly problems: Problem[]) {
    super(problems.map((p) => `${p.key}: ${p.value}; expected ${p.expected}. ${p.fix}`).join("\n"));
  }
}

/** Collects what steps that do not depend on each other find wrong, so that all is said at once. */
export class Problems {
  readonly all: Problem[] = [];

  add(problem: Problem): void {
    this.all.push(problem);
  }

  /** The value of `step`; undefined, with its problems noted, when it refuses. */
  async collect<T>(step: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      this.all.push(...error.problems);
      return undefined;
    }
  }

  /** @throws SourceError when there is any problem */
  throwIfAny(): void {
    if (this.all.length > 0) throw new SourceError(this.all);
  }
}

/** @throws SourceError with this one problem */
export function refuse(key: string, value: string, expected: string, fix: string): never {
  throw new SourceError([{ key, value, expected, fix }]);
}
