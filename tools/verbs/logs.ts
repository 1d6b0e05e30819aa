/** `npm run logs`: what the site's programs have to say. */
import { attach } from "./entrance";
import { chosenLogs, logFiles, tailScript } from "./logFiles";
import { asRoot, atSite } from "./site";
import { runVerb } from "./verb";

const help = `
npm run logs -- [OPTION…] [LOG…]
Prints the end of logs: gunicorn (all instances), gunicorn-0, …, those of processes and timers by their names, error and
access (nginx), migrate, initial-data, release, build, backup, restore, supervisor. Without a name: gunicorn and error.
  --follow, -f  goes on with each new line, until Ctrl-C
  --lines, -n   how many lines of each to begin with; 50 by default`;

const options = {
  follow: { type: "boolean", short: "f", default: false },
  lines: { type: "string", short: "n", default: "50" },
} as const;

runVerb({ name: "logs", help, options }, ({ values: { follow, lines, ...choice }, positionals }) => {
  if (!/^\d+$/.test(lines)) throw new Error(`--lines is a number, not ${lines}`);
  return atSite(choice, (open) => {
    const logs = chosenLogs(logFiles(open.site), positionals);
    const width = logs.size === 1 ? 0 : Math.max(...[...logs.keys()].map(({ length }) => length));
    const script = asRoot(
      open,
      "sh",
      "-c",
      tailScript(follow),
      "sh",
      lines,
      String(width),
      ...[...logs].flat(),
    );
    return attach(open.machine, script, { input: false });
  });
});
