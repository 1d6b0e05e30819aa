import { execFileSync } from "node:child_process";

/** A file as Python's own parser, which supervisor builds on, reads it, with percent signs expanded. */
export function readSupervisor(text: string): Record<string, Record<string, string>> {
  const program = `
import configparser, json, sys
parser = configparser.RawConfigParser(inline_comment_prefixes=(";", "#"))
parser.read_string(sys.stdin.read())
print(json.dumps({s: {k: v % {} for k, v in parser[s].items()} for s in parser.sections()}))`;
  const json = execFileSync("python3", ["-c", program], { input: text, encoding: "utf8" });
  return JSON.parse(json) as Record<string, Record<string, string>>;
}

/** A command as supervisor splits it into words. */
export function shellWords(command: string): string[] {
  const program = "import json, shlex, sys; print(json.dumps(shlex.split(sys.argv[1])))";
  return JSON.parse(execFileSync("python3", ["-c", program, command], { encoding: "utf8" })) as string[];
}
