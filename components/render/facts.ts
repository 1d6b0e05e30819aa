/** What a step acts on, one `NAME VALUE` a line: a changed value is one changed line of the preview. */
export function renderFacts(facts: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${oneLine(String(value))}\n`)
    .join("");
}

function oneLine(value: string): string {
  if (/[\n\r\0]/.test(value)) throw new Error(`a fact is one line, not ${JSON.stringify(value)}`);
  return value;
}

/** Several files in one text, each after a line `==> NAME <==`, as `head` prints them. */
export function renderFiles(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([name, text]) => `==> ${name} <==\n${text.endsWith("\n") ? text : `${text}\n`}`)
    .join("");
}
