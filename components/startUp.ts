import { createRequire, Module } from "node:module";

/**
 * What Pulumi's SDK loads with each program, and this one does not use: what turns functions into text, traces runs, and
 * drives Pulumi from another program. To load it all takes a third of a run that changes nothing, so each waits until it
 * is first used. Node.js loads this file before anything else: see `nodeargs` in Pulumi.yaml.
 */
const deferred = [
  ...["typescript", "@npmcli/arborist", "normalize-package-data"],
  ...[
    "@opentelemetry/exporter-zipkin",
    "@opentelemetry/instrumentation",
    "@opentelemetry/instrumentation-grpc",
  ],
  ...["@opentelemetry/resources", "@opentelemetry/sdk-trace-base", "@opentelemetry/sdk-trace-node"],
  ...["@pulumi/pulumi/automation", "zod/v4/locales", "ssh2"],
];

const pulumi = createRequire(require.resolve("@pulumi/pulumi"));

for (const name of deferred) {
  const file = pulumi.resolve(name);
  require.cache[file] ??= standIn(file);
}

// Maps the lines of stack traces back to TypeScript, as Node.js does by itself, and many times slower. Pulumi's SDK takes
// the stack of each resource and promise.
const mapping = pulumi.resolve("source-map-support/register");
require.cache[mapping] ??= Object.assign(new Module(mapping), { loaded: true });

/** A module as the cache has it after loading, which is loaded when it is first asked for something. */
function standIn(file: string): NodeJS.Module {
  const module: NodeJS.Module = new Module(file);
  const real = (): object => {
    if (require.cache[file] === module) Reflect.deleteProperty(require.cache, file);
    return pulumi(file) as object;
  };
  // The answer to __esModule makes an import helper hand the module on as it is, rather than copy all it has.
  const get = (_: object, key: string | symbol): unknown => {
    if (key === "__esModule") return true;
    return key === "default" && !Reflect.has(real(), "__esModule") ? real() : Reflect.get(real(), key);
  };
  module.loaded = true;
  module.exports = new Proxy({}, { get });
  return module;
}
