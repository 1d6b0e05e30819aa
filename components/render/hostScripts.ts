import { header } from "./header";
import { shellWord } from "./shell";

/** A host script as it is placed: `/opt/django-server/NAME@HASH`. */
export interface HostScript {
  path: string;
  text: string;
}

const heredoc = ({ path, text }: HostScript): string =>
  `place ${shellWord(path)} <<'END OF ${path}'\n${text}END OF ${path}\n`;

/**
 * The installer that a new machine runs first, read from standard input: it checks the system, then
 * places every host script. A plain text of all scripts, so that the preview shows what changes in them.
 * @param check the text of the script that refuses unsupported systems
 */
export function renderInstaller(check: string, scripts: readonly HostScript[]): string {
  return `${header("#")}
${check}
# Written beside and renamed, so that a step never runs half a script.
place() {
  local temporary
  temporary=$(mktemp "$1.XXXXXX")
  cat >"$temporary"
  chmod 0755 "$temporary"
  mv -f "$temporary" "$1"
}

main() {
  check_system
  mkdir -p /opt/django-server
  # A volume from another machine brings that one's, which holds here only if its step places it again.
  [ "$(cat /opt/django-server/machine-id 2>/dev/null)" = "\${1:?machine id}" ] || rm -f /etc/django-server/network.*
  printf '%s\\n' "\${1:?machine id}" >/opt/django-server/machine-id
${scripts.map(heredoc).join("")}}

main "$@"
`;
}
