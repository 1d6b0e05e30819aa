/** The properties of a resource as the engine sends them: JSON values, secrets and assets wrapped in marked objects. */
export type Properties = Record<string, unknown>;

/** An input that was refused, as `pulumi preview` reports it. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** What a running operation may use besides its properties. */
export interface Operation {
  /** The name the program gave the resource. */
  name: string;
  /** Shows a line beside the resource while it is being worked on. */
  status(line: string): void;
  /** Leaves a warning or an error in the run's summary. */
  warn(message: string): void;
  error(message: string): void;
  /** Aborted when the user interrupts the run. */
  signal: AbortSignal;
}

/** One resource type. All properties but those of `check` arrive without secret wrappers. */
export interface ResourceType {
  /** The inputs it knows; all of them are in its outputs too. A change of `triggers` replaces, of any other updates. */
  inputs: readonly string[];
  /** Fills in defaults and marks secrets. Values may be unknown while previewing. */
  check(inputs: Properties): { inputs: Properties; failures: CheckFailure[] };
  /** Returns the id and the outputs that are no inputs. */
  create(inputs: Properties, operation: Operation): Promise<{ id: string; outputs: Properties }>;
  /** Returns the outputs that are no inputs. */
  update(old: Properties, inputs: Properties, operation: Operation): Promise<Properties>;
  delete(old: Properties, operation: Operation): Promise<void>;
}
