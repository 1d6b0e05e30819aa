#!/usr/bin/env bash
# timers SITE : standard input as the next timers of a site: its units, each after a line `==> NAME <==`. systemd is asked
# about their calendars first. They take effect when the site is activated.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/files.sh"

# systemd itself, or a package, may have a unit of that name.
refuse_taken() {
  local unit=$1 path
  path=$(systemctl show --property FragmentPath --value "$unit")
  [ -z "$path" ] || grep -qxF "# A timer of site $site." "$path" 2>/dev/null ||
    fail "the unit $unit exists already, in $path; choose another name for this timer"
}

main() {
  site=${1:?site}
  local target=/etc/django-server/$site/next/timers staged work unit report
  lock "site-$site"
  staged=$(stage "$target")
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$staged' '$work'" EXIT
  unpack_files "$work" <"$staged"
  for unit in "$work"/*.service "$work"/*.timer; do refuse_taken "${unit##*/}"; done
  for unit in "$work"/*.timer; do
    report=$(systemd-analyze calendar "$(sed -n 's/^OnCalendar=//p' "$unit")" 2>&1) || {
      printf '%s\n' "$report" >&2
      fail "the schedule of ${unit##*/} is none that systemd knows; the live timers are untouched"
    }
  done
  mv -f "$staged" "$target"
}

main "$@"
