import { scripts } from "../remote/scripts";
import { renderNginxDefault } from "../render/nginx";
import { renderNginxDropIn, renderSupervisorDropIn } from "../render/systemd";
import { uv } from "../versions";
import { type Placed, scriptFile, summedFiles, textFile } from "./placed";

/** What every machine got, whatever runs on it. */
export function hostPlaced(packages: readonly string[], refuseUnknownHosts: boolean): Placed[] {
  const page = "django-server-default";
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
    ...(refuseUnknownHosts
      ? [
          textFile(`/etc/nginx/sites-available/${page}`, renderNginxDefault()),
          {
            kind: "link",
            path: `/etc/nginx/sites-enabled/${page}`,
            target: `../sites-available/${page}`,
          } as const,
        ]
      : []),
  ];
}

/** PostgreSQL, by what its step said of the files it made: their sums. */
export const postgresqlPlaced = (said: string): Placed[] => [
  { kind: "package", name: "postgresql", state: "installed" },
  ...summedFiles(said),
  { kind: "service", name: "postgresql", state: "active", boot: "enabled" },
];
