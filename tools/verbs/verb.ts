import { type ParseArgsConfig, parseArgs } from "node:util";

import { reasonOf } from "../toolchain/ways";

type Options = NonNullable<ParseArgsConfig["options"]>;

const common = {
  stack: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const satisfies Options;

/** What a person gave a verb. */
type Given<T extends Options> = ReturnType<
  typeof parseArgs<{ options: typeof common & T; allowPositionals: true; strict: true }>
>;

/** A command of a person's, `npm run NAME`. */
export interface Verb<T extends Options> {
  name: string;
  /** What `--help` prints: a line on what it does, and one for each option of its own. */
  help: string;
  options?: T;
  /** Whether everything from the first argument on that is no option is somebody else's. */
  passesOn?: boolean;
}

/**
 * Runs a verb. An error ends it with one line on standard error and exit status 1, a mistake in its arguments with 2.
 * @param work gets what the person gave, and returns the exit status.
 */
export function runVerb<T extends Options>(verb: Verb<T>, work: (given: Given<T>) => Promise<number>): void {
  let given: Given<T>;
  try {
    given = readArguments(verb, process.argv.slice(2));
  } catch (error) {
    end(
      2,
      `${reasonOf(error).replace(/\. To specify .*/, "")}; npm run ${verb.name} -- --help tells what there is`,
    );
    return;
  }
  if ((given.values as { help?: boolean }).help) {
    process.stdout.write(`${verb.help.trim()}\n  --stack NAME  a stack other than the one of npm start\n`);
    return;
  }
  Promise.resolve(given)
    .then(work)
    .then(
      (code) => {
        process.exitCode = code;
      },
      (error: unknown) => {
        end(1, reasonOf(error));
      },
    );
}

/** @throws what is wrong with the arguments. */
export function readArguments<T extends Options>(
  { options, passesOn = false }: Pick<Verb<T>, "options" | "passesOn">,
  args: readonly string[],
): Given<T> {
  const config = { ...common, ...options };
  const own = passesOn ? ownArguments(config, args) : args.length;
  const given = parseArgs({
    args: args.slice(0, own),
    options: config,
    allowPositionals: true,
    strict: true,
  });
  return { ...given, positionals: [...given.positionals, ...args.slice(own)] } as Given<T>;
}

/** How many arguments come before the first that is no option, nor an option's value. */
function ownArguments(options: Options, args: readonly string[]): number {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (arg === "--") return index + 1;
    if (!arg.startsWith("-")) return index;
    if (options[arg.slice(2)]?.type === "string") index++;
  }
  return args.length;
}

function end(code: number, line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = code;
}
