/**
 * A stand-in for Pulumi's `command` plugin 1.2.1, for machines that can get neither the official download nor a
 * tarball of it. It has the three resources this project uses; README.md in this folder says where it differs.
 */
import { DependencyResource, log } from "@pulumi/pulumi";
import type { Provider } from "@pulumi/pulumi/provider";
import { copyToRemote } from "./copyToRemote";
import { localCommand } from "./localCommand";
import { differs, plain } from "./properties";
import { remoteCommand } from "./remoteCommand";
import type { Operation, Properties, ResourceType } from "./resource";
import { nameIn, serve, typeIn } from "./serve";

const types = new Map<string, ResourceType>([
  ["command:remote:Command", remoteCommand],
  ["command:remote:CopyToRemote", copyToRemote],
  ["command:local:Command", localCommand],
]);

const interruption = new AbortController();

function typeOf(urn: string): ResourceType {
  const token = typeIn(urn);
  const type = types.get(token);
  if (type === undefined) throw new Error(unsupported(token));
  return type;
}

function unsupported(what: string): string {
  return `${what} is not in the stand-in for the command plugin; install the real one: pulumi plugin install resource command 1.2.1`;
}

/** Works on a resource; all that is said meanwhile is delivered before the result. */
async function workOn<T>(
  urn: string,
  work: (type: ResourceType, operation: Operation) => Promise<T>,
): Promise<T> {
  const resource = new DependencyResource(urn);
  const said: Promise<void>[] = [];
  try {
    return await work(typeOf(urn), {
      name: nameIn(urn),
      status: (line) => said.push(log.info(line, resource, undefined, true)),
      warn: (message) => said.push(log.warn(message, resource)),
      error: (message) => said.push(log.error(message, resource)),
      signal: interruption.signal,
    });
  } finally {
    await Promise.all(said);
  }
}

const unwrapped = (properties: unknown): Properties => plain(properties) as Properties;

const provider: Provider = {
  version: "1.2.1",

  check(urn, _old, inputs: Properties) {
    const type = typeOf(urn);
    const known = Object.entries(inputs).filter(([name]) => type.inputs.includes(name));
    return Promise.resolve(type.check(Object.fromEntries(known)));
  },

  diff(_id, urn, old: Properties, inputs: Properties) {
    const changed = typeOf(urn).inputs.filter((name) => differs(old[name], inputs[name]));
    return Promise.resolve({
      changes: changed.length > 0,
      replaces: changed.filter((name) => name === "triggers"),
    });
  },

  // The inputs go back as they came, so that what was secret stays secret in the state.
  async create(urn, inputs: Properties) {
    const { id, outputs } = await workOn(urn, (type, operation) => type.create(unwrapped(inputs), operation));
    return { id, outs: { ...inputs, ...outputs } };
  },

  async update(_id, urn, old: Properties, inputs: Properties) {
    const outputs = await workOn(urn, (type, operation) =>
      type.update(unwrapped(old), unwrapped(inputs), operation),
    );
    return { outs: { ...inputs, ...outputs } };
  },

  delete: (_id, urn, old) => workOn(urn, (type, operation) => type.delete(unwrapped(old), operation)),

  invoke: (token) => Promise.reject(new Error(unsupported(token))),

  cancel() {
    interruption.abort();
    return Promise.resolve();
  },
};

serve(provider, "pulumi-resource-command");
