import { ratio, spread } from "./measure";

/** One job done by two ways in turn; seconds. */
export interface Comparison {
  job: string;
  ours: readonly number[];
  others: readonly number[];
  /** The ratio to reach. */
  target: number;
}

export interface Report {
  /** The computer and the versions, without names. */
  setting: string;
  ansible: readonly Comparison[];
  /** Ansible told to look at nothing but nginx's site. */
  nginxOnly: readonly number[];
  /** Ansible told to look at nothing but the release that serves. */
  rollbackOnly: readonly number[];
  byHand: Comparison;
  /** nginx, supervisor and gunicorn, MiB. */
  memory: number;
}

const table = (other: string, comparisons: readonly Comparison[]): string =>
  [
    `| the same job | \`pulumi up\` | ${other} | ratio | at most |`,
    "| --- | --- | --- | --- | --- |",
    ...comparisons.map(
      ({ job, ours, others, target }) =>
        `| ${job} | ${spread(ours)} | ${spread(others)} | ${ratio(ours, others).toFixed(2)} | ${target.toFixed(2)} |`,
    ),
  ].join("\n");

/** `RESULTS.md`, not yet formatted. */
export const renderReport = ({
  setting,
  ansible,
  nginxOnly,
  rollbackOnly,
  byHand,
  memory,
}: Report): string => `# Measured

Seconds, as median (lowest to highest). The ways take turns in one run, each on containers of its own from one image;
only the ratios carry over to another computer. Made by \`npm run bench\`.

${setting}.

## Beside Ansible

${table("`ansible-playbook`", ansible)}

- Each time ends when the command does; then the site is asked from outside whether the change is in force.
- \`pulumi up\` runs with \`--yes --skip-preview\`, as \`npm start\` and build machines do; a preview is a run of its own. Ansible
  runs without \`--check\` for the same reason.
- [The playbook](ansible/site.yml) is written for speed: pipelining, one SSH connection for all runs, no facts gathered,
  few tasks, uv, and its runs on a known release skip what belongs to a release. Running it again reports \`changed=0\`.
- Both place the same text for nginx and gunicorn, install the same locked packages, and put two new instances in place of
  two old ones, each only when it is healthy: the playbook restarts one after the other, \`pulumi up\` starts both while an
  old one serves. Only \`pulumi up\` also loses no request, checks files before they are live, puts the old release
  back when the new one fails, hardens systemd's units, closes connections for unknown hosts, and sets up nightly backups.
- Fresh containers lack python3-apt, as Debian's smallest images do: Ansible's apt module installs it first.
- The rollback names the release before: a setting here, a variable there. Both compare everything else as well.
- Who knows that nothing but nginx's site has changed can tell Ansible so: \`--tags nginx\` takes ${spread(nginxOnly)}; and
  \`--tags rollback\`, where nothing but the release is to change: ${spread(rollbackOnly)}.

## Beside a script written by hand

${table("[script](hand-written.sh)", [byHand])}

nginx, supervisor and gunicorn together, idle, with the defaults for one core: ${memory.toFixed(1)} MiB of proportional memory (PSS).
`;
