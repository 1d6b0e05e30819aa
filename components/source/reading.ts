import { refuse } from "./problems";

/** What one kind of dependency file says. */
export interface Reading {
  files: Record<string, string>;
  /** Names, normalised, of everything to be installed. */
  names: string[];
  findings: string[];
  pythonRequires?: string | undefined;
}

/** @throws SourceError that says in which line TOML ends to make sense */
export async function parseToml(file: string, text: string): Promise<Record<string, unknown>> {
  // The package declares its types for ES modules only.
  const { parse, TomlError } = await import("smol-toml");
  try {
    return parse(text);
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    const line = error instanceof TomlError ? ` in line ${error.line}` : "";
    return refuse(
      file,
      `not TOML${line}: ${reason.replace(/^Invalid TOML document: /, "")}`,
      "TOML",
      "Correct it.",
    );
  }
}
