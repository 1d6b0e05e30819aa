const live = process.stdout.isTTY;
let status = "";

/** Prints a line for good, above the status line. */
export function say(line: string): void {
  clear();
  process.stdout.write(`${line}\n`);
  draw();
}

/** Shows what goes on just now, in one line at the bottom of a terminal; nothing where there is no terminal. */
export function show(text: string): void {
  if (!live || text === status) return;
  clear();
  status = text;
  draw();
}

function clear(): void {
  if (status !== "") process.stdout.write("\r\u001b[K");
}

function draw(): void {
  if (status !== "") process.stdout.write(status.slice(0, process.stdout.columns - 1));
}
