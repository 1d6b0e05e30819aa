/**
 * A stand-in for Pulumi's `command` plugin 1.2.1, for machines that can get neither the official download nor a
 * tarball of it. It has the three resources this project uses; README.md in this folder says where it differs.
 */
import { DependencyResource, log, runtime } from "@pulumi/pulumi";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { copyToRemote } from "./copyToRemote";
import { localCommand } from "./localCommand";
import { differs, plain } from "./properties";
import { remoteCommand } from "./remoteCommand";
import type { Operation, Properties, ResourceType } from "./resource";

const types = new Map<string, ResourceType>([
  ["command:remote:Command", remoteCommand],
  ["command:remote:CopyToRemote", copyToRemote],
  ["command:local:Command", localCommand],
]);

const interruption = new AbortController();

/** The resource type of `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
function typeOf(urn: string): ResourceType {
  const token = urn.split("::")[2]?.split("$").pop() ?? "";
  const type = types.get(token);
  if (type === undefined) throw new Error(unsupported(token));
  return type;
}

function unsupported(what: string): string {
  return `${what} is not in the stand-in for the command plugin; install the real one: pulumi plugin install resource command 1.2.1`;
}

function operationOn(urn: string): Operation {
  const resource = new DependencyResource(urn);
  return {
    name: urn.split("::").slice(3).join("::"),
    status: (line) => void log.info(line, resource, undefined, true),
    warn: (message) => void log.warn(message, resource),
    error: (message) => void log.error(message, resource),
    signal: interruption.signal,
  };
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
    const { id, outputs } = await typeOf(urn).create(unwrapped(inputs), operationOn(urn));
    return { id, outs: { ...inputs, ...outputs } };
  },

  async update(_id, urn, old: Properties, inputs: Properties) {
    const outputs = await typeOf(urn).update(unwrapped(old), unwrapped(inputs), operationOn(urn));
    return { outs: { ...inputs, ...outputs } };
  },

  delete: (_id, urn, old) => typeOf(urn).delete(unwrapped(old), operationOn(urn)),

  invoke: (token) => Promise.reject(new Error(unsupported(token))),

  cancel() {
    interruption.abort();
    return Promise.resolve();
  },
};

// The wrapper's setting for tsx must not reach the commands that are run here.
delete process.env.TSX_TSCONFIG_PATH;
// The library prints the stack of each error that it also returns to the engine, which then shows both.
console.error = () => undefined;

const engine = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
if (engine === undefined) {
  process.stderr.write(
    "pulumi-resource-command: the Pulumi engine starts this program; it is of no use by hand\n",
  );
  process.exit(1);
}
runtime.resetOptions("", "", -1, engine, "", false, "");
void main(provider, process.argv.slice(2));
