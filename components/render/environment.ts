import { header } from "./header";
import { shellWord } from "./shell";

/**
 * The environment file that `site-exec` sources before it runs the app: one assignment a variable, sorted
 * by name, quoted for the shell so that every value arrives byte for byte.
 * @param files of the machine that come first, with variables whose values it alone knows
 * @param others further names for those variables
 */
export function renderEnvironment(
  variables: Readonly<Record<string, string>>,
  files: readonly string[] = [],
  others: Readonly<Record<string, string>> = {},
): string {
  const lines = Object.keys(variables)
    .sort()
    .map((name) => `${name}=${shellWord(variables[name] ?? "")}\n`);
  const known = [
    ...files.map((file) => `. ${shellWord(file)}\n`),
    ...Object.entries(others).map(([name, other]) => `${name}=$${other}\n`),
  ];
  return header("#") + known.join("") + lines.join("");
}
