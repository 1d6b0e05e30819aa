/** `npm run restore`: the site's databases, files and secret key as they are in a snapshot. */
import { createInterface } from "node:readline/promises";

import { attach } from "./entrance";
import { asRoot, atSite } from "./site";
import { chosenSnapshot, readSnapshots, type Snapshot } from "./snapshots";
import { mayAsk } from "./stack";
import { moment } from "./text";
import { runVerb } from "./verb";

const help = `
npm run restore -- [OPTION…] [SNAPSHOT]
Puts the site's databases, files and secret key back as they are in the newest backup, or in the snapshot of this ID
(npm run backup -- --list). Asks first. What is there now is kept in a snapshot of its own. The site is away meanwhile.
  --from PLACE   takes it from disk or s3
  --no-safety    keeps nothing of what is there now
  --yes, -y      does not ask`;

const options = {
  from: { type: "string" },
  "no-safety": { type: "boolean", default: false },
  yes: { type: "boolean", short: "y", default: false },
} as const;

runVerb({ name: "restore", help, options }, ({ values, positionals: [id] }) => {
  const { from, "no-safety": unsafe, yes, ...choice } = values;
  mayAsk("restore", yes);
  return atSite(choice, async (open) => {
    const { snapshots, problems } = await readSnapshots(open);
    if (problems !== "") process.stderr.write(`${problems}\n`);
    const chosen = chosenSnapshot(snapshots, id, from);
    const { name, url, backup } = open.site;
    if (!yes && !(await agreed(`${name} at ${url}`, chosen, unsafe))) {
      process.stderr.write("Nothing was changed.\n");
      return 1;
    }
    const words = [backup.restore, name, chosen.place, chosen.id, String(!unsafe)];
    const script = asRoot(open, "env", "DJANGO_SERVER_STEP=restore", ...words);
    return attach(open.machine, script, { input: false });
  });
});

async function agreed(site: string, { id, place, time }: Snapshot, unsafe: boolean): Promise<boolean> {
  const kept = unsafe ? "What is there now is lost." : "What is there now is kept in a snapshot.";
  process.stdout.write(
    `All databases and files of ${site}\nare replaced by those of ${moment(time)}, snapshot ${id} in ${place}. ${kept}\n`,
  );
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await asking.question("Type yes to go on: ");
  asking.close();
  return answer.trim().toLowerCase() === "yes";
}
