#!/usr/bin/env bash
# activate SITE RELEASE : migrates, brings the first data, switches to the release and to the settings placed beside the
# live ones, replaces what runs beside gunicorn, then the site's instances, each healthy before it gets visitors; otherwise
# the old release comes back with its settings. Facts on standard input, one `NAME VALUE` a line.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/files.sh"
. "${0%/*}/lib/https.sh"
. "${0%/*}/lib/probe.sh"
. "${0%/*}/lib/processes.sh"
. "${0%/*}/lib/releases.sh"
. "${0%/*}/lib/roll.sh"
. "${0%/*}/lib/rollback.sh"
. "${0%/*}/lib/secrets.sh"
. "${0%/*}/lib/site.sh"
. "${0%/*}/lib/supervisor.sh"
. "${0%/*}/lib/timers.sh"
. "${0%/*}/lib/upstream.sh"
. "${0%/*}/lib/venv.sh"

as_release() (
  umask 027
  RELEASE=releases/$release exec setpriv --reuid "$site" --regid "$site" --init-groups "${fact[exec]}" "$site" "$@" </dev/null
)

migrate() {
  [ "${fact[migrate]}" = true ] || return 0
  as_release python manage.py migrate --no-input >"/var/log/$site/migrate.log" 2>&1 || {
    # Django's own words for an app without a database: there is nothing to migrate.
    ! grep -q 'settings.DATABASES is improperly configured. Please supply the ENGINE' "/var/log/$site/migrate.log" || return 0
    last_lines "/var/log/$site/migrate.log"
    fail "a migration failed: nothing was switched, the old release still serves; the database may be partly migrated"
  }
}

# What has been brought before is known by the database: see initial-data.py.
bring_initial_data() {
  local fixtures log=/var/log/$site/initial-data.log
  read -ra fixtures <<<"${fact[fixtures]}"
  [ "${#fixtures[@]}" -gt 0 ] || [ "${fact[superuser]}" = true ] || return 0
  (
    set -o allexport
    # shellcheck source=/dev/null
    { [ "${fact[superuser]}" = false ] || . "/etc/django-server/$site/next/superuser"; } &&
      as_release python "${fact[initial_data]}" "${fixtures[@]}"
  ) >"$log" 2>&1 || {
    last_lines "$log"
    fail "a fixture or the superuser failed: nothing was switched, the next run tries again"
  }
}

# Processes go first: those of the old release would drop the tasks that new instances give them. And one that does not
# start has taken nothing from a visitor.
bring_up() {
  start_processes || return 1
  if [ -n "$stays" ]; then
    mapfile -t fresh < <(in_service)
  else
    rolls=yes
    roll || return 1
  fi
  put_timers
}

main() {
  site=${1:?site} release=${2:?release}
  local facts states stays='' rolls=''
  declare -A fact
  read_facts
  lock "site-$site"
  lock supervisor
  require_release "$release"
  venv_works "/srv/$site/releases/$release/venv" ||
    fail "release $release was made for another Python than this machine has by now; deploy its source again"
  supervisor_reread
  if only_beside; then
    stays=yes
  else
    migrate
    bring_initial_data
    stop_processes
  fi
  put_settings "/etc/django-server/$site/next"
  keep_as_previous "$release"
  switch_to "$release"
  bring_up || roll_back
  states=$(retire_others && tell_processes)
  record_healthy "$release" "$facts"
  printf '%s\n' "$states"
}

main "$@"
