import { runtime } from "@pulumi/pulumi";
import { main, type Provider } from "@pulumi/pulumi/provider";

/** The type in `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME`. */
export const typeIn = (urn: string): string => urn.split("::")[2]?.split("$").pop() ?? "";

/** The name in it. */
export const nameIn = (urn: string): string => urn.split("::").slice(3).join("::");

/**
 * Serves resources to the engine that started this process.
 * @param program its name, for a person who starts it by hand
 */
export function serve(provider: Provider, program: string): void {
  // The wrapper's setting for tsx must not reach the commands that are run here.
  delete process.env.TSX_TSCONFIG_PATH;
  // The library prints the stack of each error that it also returns to the engine, which then shows both.
  console.error = () => undefined;

  // The engine puts options for its own plugins before the address at which it listens.
  const engine = process.argv.slice(2).at(-1);
  if (engine === undefined) {
    process.stderr.write(`${program}: the Pulumi engine starts this program; it is of no use by hand\n`);
    process.exit(1);
  }
  runtime.resetOptions("", "", -1, engine, "", false, "");
  void main(provider, process.argv.slice(2));
}
