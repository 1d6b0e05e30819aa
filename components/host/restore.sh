#!/usr/bin/env bash
# restore SITE PLACE SNAPSHOT SAFETY : puts a site's databases and files back as they are in a snapshot. They are fetched
# beside the present ones and looked at while the site serves; then all that writes stops, the present data are kept in a
# snapshot of their own, if SAFETY is true, and databases and files are replaced. Killed at any point, the next run repairs.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/https.sh"
. "${0%/*}/lib/packages.sh"
. "${0%/*}/lib/probe.sh"
. "${0%/*}/lib/supervisor.sh"
. "${0%/*}/lib/backups.sh"
. "${0%/*}/lib/repositories.sh"
. "${0%/*}/lib/snapshot.sh"
. "${0%/*}/lib/processes.sh"
. "${0%/*}/lib/timers.sh"
. "${0%/*}/lib/writers.sh"

# A run that was killed between two renames has the files of before aside.
tidy() {
  [ -e "/srv/$site/shared" ] || mv -T "$beside/before" "/srv/$site/shared"
  rm -rf "$beside"
}

# Whoever owned them on another machine, the site's user does here.
own() {
  local user group
  user=$(stat --format %u "$fetched/shared")
  group=$(stat --format %g "$fetched/shared")
  find "$fetched" -uid "$user" -exec chown --no-dereference "$site" {} +
  find "$fetched" -gid "$group" -exec chgrp --no-dereference "$site" {} +
}

fetch() {
  tidy
  install -d -m 0750 -o root -g "$site" "$beside"
  printf 'fetching snapshot %s from %s\n' "$id" "$place"
  quietly in_place "$place" restore "$id" --target "$beside" || fail "snapshot $id can't be fetched from $place"
  if [ ! -s "$fetched/backup/databases/manifest.json" ] || [ ! -d "$fetched/shared" ]; then
    fail "snapshot $id is no backup of $site"
  fi
  own
  provide_clients
  heard "nothing was changed" as_app check "$fetched/backup/databases"
}

keep_present() {
  printf 'keeping the present data first\n'
  back_up safety present
  [ -s "$notes/run" ] || fail "the present data could not be kept, and nothing was changed: $(cat "$notes/reason")"
}

replace() {
  local key=/etc/django-server/$site/generated
  heard "the files are as before" as_app restore "$fetched/backup/databases" "$fetched/shared"
  mv -T "/srv/$site/shared" "$beside/before"
  mv -T "$fetched/shared" "/srv/$site/shared"
  if ! cmp -s "$fetched/backup/generated" "$key"; then
    install -m 0640 -o root -g "$site" "$fetched/backup/generated" "$key.new"
    mv -f "$key.new" "$key"
  fi
  printf 'files are restored\n'
}

# The snapshot may be older than the release that serves.
migrate() {
  [ "${setting[migrate]}" = true ] && [ -n "$(as_app vendors)" ] || return 0
  heard "the data are restored, but a migration failed" setpriv --reuid "$site" --regid "$site" --init-groups \
    "${setting[exec]}" "$site" python manage.py migrate --no-input --verbosity 0
}

leave() {
  tidy
  rm -rf "/srv/$site/backup" "$notes/reason" "$notes/run"
  start_writers
}

answers() {
  local deadline reason
  declare -A fact
  read_values fact <"/etc/django-server/$site/healthy/facts"
  deadline=$((SECONDS + fact[health_timeout]))
  until reason=$(ask_through_nginx 2>&1); do
    [ "$SECONDS" -lt "$deadline" ] || { printf '%s\n' "$reason" >&2 && return 1; }
  done
  printf '%s\n' "$reason"
}

main() {
  site=${1:?site} place=${2:?place} id=${3:?snapshot}
  local safety=${4:?true or false} beside=/srv/$site/restore kept=
  local fetched=$beside/srv/$site
  declare -A setting
  begin restore
  [ -e "/srv/$site/current" ] || fail "nothing of $site is deployed on this machine yet: deploy it first"
  trap tidy EXIT
  fetch
  lock "site-$site"
  trap leave EXIT
  stop_writers
  if [ "$safety" = true ]; then keep_present; fi
  kept=$(cut -d ' ' -f 1,2 "$notes/run" 2>/dev/null | paste -sd ',') || kept=
  replace
  migrate
  trap - EXIT
  leave
  answers || fail "the data are restored, but $site does not answer"
  printf 'snapshot %s is restored%s\n' "$id" "${kept:+; the data of before are in a snapshot: $kept}"
}

main "$@"
