#!/usr/bin/env bash
# backup SITE [SECONDS] : one consistent snapshot of a site's databases and files in each of its repositories; then old
# snapshots go. A restore that is at work is waited for that long. How it ended is noted in
# /var/lib/django-server/backup/SITE/last, one `NAME VALUE` a line.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/packages.sh"
. "${0%/*}/lib/backups.sh"
. "${0%/*}/lib/repositories.sh"
. "${0%/*}/lib/snapshot.sh"

# The last of each day, week and month stay; of what was kept before restores, the last three.
rotate() {
  local forget=(forget --prune --host "$site" --group-by '')
  quietly in_place "$1" "${forget[@]}" --tag backup --keep-daily "${setting[keep_daily]}" \
    --keep-weekly "${setting[keep_weekly]}" --keep-monthly "${setting[keep_monthly]}" &&
    quietly in_place "$1" "${forget[@]}" --tag safety --keep-last 3
}

# Once a week, with a sample of the data.
verify() {
  local checked=$notes/checked-$1
  [ -z "$(find "$checked" -mtime -7 2>/dev/null)" ] || return 0
  quietly in_place "$1" check --read-data-subset=5% && touch "$checked"
}

note_result() {
  local status=$? last=$notes/last good note
  good=$(sed -n 's/^good //p' "$last" 2>/dev/null) || good=
  [ "$status" != 0 ] || good=$started
  note=$({
    printf 'time %s\nseconds %s\nresult %s\n' "$started" $(($(date +%s) - started)) "$([ "$status" = 0 ] && echo ok || echo failed)"
    [ "$status" = 0 ] || printf 'reason %s\n' "$(cat "$notes/reason" 2>/dev/null || echo 'it was ended')"
    [ -z "$good" ] || printf 'good %s\n' "$good"
    cat "$notes/run" 2>/dev/null || true
  } | stage "$last" 0600)
  mv -f "$note" "$last"
  rm -rf "/srv/$site/backup" "$notes/reason" "$notes/run" "$notes/begun"
  end_log
}

main() {
  site=${1:?site}
  local place
  declare -A setting
  begin backup "${@:2}"
  [ -e "/srv/$site/current" ] || { printf 'nothing of %s is deployed yet\n' "$site" && return; }
  started=$(date +%s)
  rm -f "$notes/reason"
  touch "$notes/begun"
  trap note_result EXIT
  back_up backup
  [ -z "$failed" ] || fail "no snapshot in $failed: $(cat "$notes/reason")"
  for place in $(places); do
    rotate "$place" || fail "old snapshots in $place could not be removed"
    verify "$place" || fail "the repository in $place is damaged, or can't be read"
  done
  printf 'done in %s s\n' $(($(date +%s) - started))
}

main "$@"
