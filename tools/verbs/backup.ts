/** `npm run backup`: a snapshot of the site's databases and files now, a list of those there are, or one of them here. */
import { openSync } from "node:fs";

import { attach, download } from "./entrance";
import { asRoot, atSite, type OpenSite } from "./site";
import { chosenSnapshot, readSnapshots, snapshotLines } from "./snapshots";
import { runVerb } from "./verb";

const help = `
npm run backup -- [OPTION…] [SNAPSHOT]
Takes one consistent snapshot of the site's databases, files and secret key, in each place that the settings name, and
removes old ones, as is done every night.
  --list           only lists the snapshots; with --json as JSON
  --download FILE  writes the newest snapshot, or the one of this ID, to a new tar archive on this computer
  --from PLACE     takes it from disk or s3`;

const options = {
  list: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  download: { type: "string" },
  from: { type: "string" },
} as const;

runVerb({ name: "backup", help, options }, ({ values, positionals: [id] }) => {
  const { list, json, download: file, from, ...choice } = values;
  return atSite(choice, (open) => {
    if (file !== undefined) return fetchOne(open, file, id, from);
    if (list || json) return listAll(open, json);
    const script = asRoot(open, "env", "DJANGO_SERVER_STEP=backup", open.site.backup.backup, open.site.name);
    return attach(open.machine, script, { input: false });
  });
});

async function listAll(open: OpenSite, json: boolean): Promise<number> {
  const { snapshots, problems } = await readSnapshots(open);
  const lines = json ? [JSON.stringify({ snapshots }, undefined, 2)] : snapshotLines(snapshots);
  process.stdout.write(`${lines.join("\n")}\n`);
  if (problems !== "") process.stderr.write(`${problems}\n`);
  return problems === "" ? 0 : 1;
}

/** The archive holds the site's secret key and its users' data: nobody else may read it. */
async function fetchOne(open: OpenSite, file: string, id?: string, from?: string): Promise<number> {
  const { place, id: chosen } = chosenSnapshot((await readSnapshots(open)).snapshots, id, from);
  const { snapshots } = open.site.backup;
  const words = ["env", "DJANGO_SERVER_STEP=snapshots", snapshots, open.site.name, place, chosen];
  await download(open.machine, asRoot(open, ...words), openSync(file, "wx", 0o600));
  process.stdout.write(`snapshot ${chosen} is in ${file}\n`);
  return 0;
}
