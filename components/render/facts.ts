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

/**
 * Several files in one text, each after a line `==> NAME <==`, as `head` prints them.
 * @throws when a name is no plain file name, or a file holds such a line itself
 */
export function renderFiles(files: Readonly<Record<string, string>>): string {
  return Object.entries(files)
    .map(([name, text]) => {
      const title = `==> ${name} <==\n`;
      if (!titleLine.test(title)) throw new Error(`${name} is no plain file name`);
      if (titleLine.test(text)) throw new Error(`${name} holds a line that would end it: ==> … <==`);
      return title + (text.endsWith("\n") ? text : `${text}\n`);
    })
    .join("");
}

const titleLine = /^==> [A-Za-z0-9._-]+ <==$/m;
