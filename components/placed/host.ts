import { scripts } from "../remote/scripts";
import { renderNginxDefault, renderNginxDefaultHttps } from "../render/nginx";
import { renderNginxDropIn, renderSupervisorDropIn } from "../render/systemd";
import { uv } from "../versions";
import { type Placed, scriptFile, summedFiles, textFile } from "./placed";

/**
 * What every machine got, whatever runs on it.
 * @param refused the ways by which hosts of no site are refused
 */
export function hostPlaced(
  packages: readonly string[],
  refused: { byHttp: boolean; byHttps: boolean },
): Placed[] {
  return [
    ...packages.map((name): Placed => ({ kind: "package", name, state: "installed" })),
    ...Object.values(scripts).map(({ path, text }) => scriptFile(path, text)),
    { kind: "file", path: `/opt/django-server/uv-${uv.version}/bin/uv`, mode: "0755", owner: "root:root" },
    textFile("/etc/systemd/system/nginx.service.d/django-server.conf", renderNginxDropIn()),
    textFile("/etc/systemd/system/supervisor.service.d/django-server.conf", renderSupervisorDropIn()),
    ...["nginx", "supervisor"].map((name): Placed => ({
      kind: "service",
      name,
      state: "active",
      boot: "enabled",
    })),
    ...(refused.byHttp ? server("django-server-default", renderNginxDefault()) : []),
    ...(refused.byHttps ? server("django-server-default-tls", renderNginxDefaultHttps()) : []),
  ];
}

const server = (name: string, text: string): Placed[] => [
  textFile(`/etc/nginx/sites-available/${name}`, text),
  { kind: "link", path: `/etc/nginx/sites-enabled/${name}`, target: `../sites-available/${name}` },
];

/** PostgreSQL, by what its step said of the files it made: their sums. */
export const postgresqlPlaced = (said: string): Placed[] => [
  { kind: "package", name: "postgresql", state: "installed" },
  ...summedFiles(said),
  { kind: "service", name: "postgresql", state: "active", boot: "enabled" },
];
