import { createRequire, Module } from "node:module";

/**
 * What @pulumi/pulumi loads only to turn a function into text, which nothing here asks for. To load both takes a
 * quarter of a run that changes nothing, so they wait until they are first used. To be imported before @pulumi/pulumi.
 */
const deferred = ["typescript", "@npmcli/arborist"];

const pulumi = createRequire(require.resolve("@pulumi/pulumi"));

for (const name of deferred) {
  const file = pulumi.resolve(name);
  if (require.cache[file] === undefined) require.cache[file] = standIn(file);
}

/** A module as the cache has it after loading, which is loaded when it is first asked for something. */
function standIn(file: string): NodeJS.Module {
  const module: NodeJS.Module = new Module(file);
  const real = (): object => {
    if (require.cache[file] === module) Reflect.deleteProperty(require.cache, file);
    return pulumi(file) as object;
  };
  module.loaded = true;
  // The answer to __esModule makes an import helper hand it on as it is, rather than copy all it has.
  const get = (_: object, key: string | symbol): unknown => key === "__esModule" || Reflect.get(real(), key);
  module.exports = new Proxy({}, { get });
  return module;
}
