#!/usr/bin/env bash
# snapshots SITE             : the snapshots in each of a site's repositories, `PLACE JSON`, as restic lists them.
# snapshots SITE PLACE ID    : one of them, as a tar archive on standard output.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/repositories.sh"

list() {
  local place listed status=0
  for place in $(places); do
    if [ "$place" = disk ] && [ ! -e "${setting[folder]}/repository/config" ]; then continue; fi
    if listed=$(in_place "$place" snapshots --no-lock --json --host "$site"); then
      printf '%s %s\n' "$place" "$listed"
    else
      printf "the repository in %s can't be read\n" "$place" >&2
      status=1
    fi
  done
  return "$status"
}

main() {
  site=${1:?site}
  declare -A setting
  read_backup_settings
  if [ $# -eq 1 ]; then list; else in_place "$2" dump --no-lock --archive tar "$3" /; fi
}

main "$@"
