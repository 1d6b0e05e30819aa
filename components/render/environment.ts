import { header } from "./header";
import { shellWord } from "./shell";

/**
 * The environment file that `site-exec` sources before it runs the app: one assignment a variable, sorted
 * by name, quoted for the shell so that every value arrives byte for byte.
 * @param files of the machine that come first, with variables whose values it alone knows
 */
export function renderEnvironment(
  variables: Readonly<Record<string, string>>,
  files: readonly string[] = [],
): string {
  const lines = Object.keys(variables)
    .sort()
    .map((name) => `${name}=${shellWord(variables[name] ?? "")}\n`);
  return header("#") + files.map((file) => `. ${shellWord(file)}\n`).join("") + lines.join("");
}
