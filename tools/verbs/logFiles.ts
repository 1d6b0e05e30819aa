import type { SiteOperations } from "../../components/operations";

/**
 * The logs of a site by the names they are asked for by; those that are shown unasked first. There is one program of
 * gunicorn's more than there are instances, in turn, and each has a log.
 */
export function logFiles(
  of: Pick<SiteOperations, "name" | "instances" | "processes" | "timers">,
): Map<string, string> {
  const log = (name: string): string => `/var/log/${of.name}/${name}.log`;
  const named = (...names: string[]) => names.map((name): [string, string] => [name, log(name)]);
  const numbered = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${name}-${index}`);
  return new Map([
    ...named(...numbered("gunicorn", of.instances + 1)),
    ...named(...Object.entries(of.processes).flatMap(([name, count]) => numbered(name, count)), ...of.timers),
    ["error", log("nginx-error")],
    ["access", log("nginx-access")],
    ["migrate", log("migrate")],
    ["initial-data", log("initial-data")],
    ["release", log("release")],
    ["build", log("build")],
    ["backup", log("backup")],
    ["restore", log("restore")],
    ["supervisor", "/var/log/supervisor/supervisord.log"],
  ]);
}

/**
 * The logs that were asked for; `gunicorn` stands for all instances, and so does a process's name.
 * @throws when there is none of a name, with the names there are.
 */
export function chosenLogs(logs: ReadonlyMap<string, string>, asked: readonly string[]): Map<string, string> {
  const all = [...logs.keys()];
  const names = (asked.length > 0 ? asked : ["gunicorn", "error"]).flatMap((name) => {
    const numbered = all.filter((log) => /^-\d+$/.test(log.startsWith(name) ? log.slice(name.length) : ""));
    return numbered.length > 0 ? numbered : [name];
  });
  const unknown = names.find((name) => !logs.has(name));
  if (unknown !== undefined) {
    throw new Error(`there is no log ${unknown}; there are: gunicorn, ${all.join(", ")}`);
  }
  return new Map([...new Set(names)].map((name) => [name, logs.get(name) ?? ""]));
}

/**
 * The shell script that prints the end of logs, each line behind its log's name where there are several. Following, it
 * ends with its standard input: sshd closes that when the connection ends, and would leave `tail` waiting for a line.
 */
export const tailScript = (follow: boolean): string => `
lines=$1 width=$2
shift 2
show() {
  if [ "$width" -eq 0 ]; then cat; else sed -u "s/^/$(printf "%-\${width}s" "$1") | /"; fi
}
while [ $# -gt 0 ]; do
  ${follow ? 'tail -n "$lines" -F "$2" 2>/dev/null | show "$1" &' : '[ ! -e "$2" ] || tail -n "$lines" "$2" | show "$1"'}
  shift 2
done
${follow ? "trap 'kill 0' EXIT\ncat >/dev/null" : ""}`;
