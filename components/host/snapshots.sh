#!/usr/bin/env bash
# snapshots SITE             : the snapshots in each of a site's repositories, `PLACE JSON`, as restic lists them.
# snapshots SITE PLACE ID    : one of them, as a tar archive on standard output.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/repositories.sh"

list() {
  local place listed said status=0
  said=$(mktemp)
  for place in $(places); do
    if [ "$place" = disk ] && [ ! -e "${setting[folder]}/repository/config" ]; then continue; fi
    if listed=$(in_place "$place" snapshots --no-lock --json --host "$site" 2>"$said"); then
      printf '%s %s\n' "$place" "$listed"
    # Before the first backup there is none in the store.
    elif ! grep -q 'specified key does not exist' "$said"; then
      printf "the repository in %s can't be read: %s\n" "$place" "$(grep -m 1 . "$said")" >&2
      status=1
    fi
  done
  rm -f "$said"
  return "$status"
}

main() {
  site=${1:?site}
  declare -A setting
  read_backup_settings
  if [ $# -eq 1 ]; then list; else in_place "$2" dump --no-lock --archive tar "$3" /; fi
}

main "$@"
