#!/usr/bin/env bash
# activate SITE RELEASE : migrates, switches to the release and to the settings placed beside the live ones, replaces the
# site's instances, each healthy before it gets visitors; otherwise the old release comes back with its settings. Facts
# on standard input, one `NAME VALUE` a line.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/https.sh"
. "${0%/*}/lib/probe.sh"
. "${0%/*}/lib/releases.sh"
. "${0%/*}/lib/roll.sh"
. "${0%/*}/lib/secrets.sh"
. "${0%/*}/lib/site.sh"
. "${0%/*}/lib/supervisor.sh"
. "${0%/*}/lib/upstream.sh"
. "${0%/*}/lib/venv.sh"

migrate() {
  [ "${fact[migrate]}" = true ] || return 0
  (
    umask 027
    RELEASE=releases/$release setpriv --reuid "$site" --regid "$site" --init-groups \
      "${fact[exec]}" "$site" python manage.py migrate --no-input
  ) >"/var/log/$site/migrate.log" 2>&1 </dev/null || {
    # Django's own words for an app without a database: there is nothing to migrate.
    ! grep -q 'settings.DATABASES is improperly configured. Please supply the ENGINE' "/var/log/$site/migrate.log" || return 0
    last_lines "/var/log/$site/migrate.log"
    fail "a migration failed: nothing was switched, the old release still serves; the database may be partly migrated"
  }
}

roll_back() {
  local before name
  if ! before=$(healthy_release); then
    rm -f "/etc/supervisor/conf.d/$site-gunicorn.conf" "/srv/$site/current"
    for name in $(site_programs "$site" | cut -d ' ' -f 1); do supervisorctl update "$name" >/dev/null || true; done
    fail "release $release did not become healthy; there is no earlier one to go back to"
  fi
  put_settings "/etc/django-server/$site/healthy"
  switch_to "$before"
  # What it answers to, and how, may have been other than now.
  read_facts <"/etc/django-server/$site/healthy/facts"
  roll >/dev/null 2>&1 || fail "release $release did not become healthy, and neither did $before after it"
  retire_others >/dev/null
  fail "release $release did not become healthy; $before is serving again"
}

read_facts() {
  local name value
  facts=$(cat)
  while read -r name value; do fact[$name]=$value; done <<<"$facts"
}

main() {
  site=${1:?site} release=${2:?release}
  local facts states
  declare -A fact
  read_facts
  lock "site-$site"
  lock supervisor
  require_release "$release"
  venv_works "/srv/$site/releases/$release/venv" ||
    fail "release $release was made for another Python than this machine has by now; deploy its source again"
  migrate
  put_settings "/etc/django-server/$site/next"
  keep_as_previous "$release"
  switch_to "$release"
  roll || roll_back
  states=$(retire_others)
  record_healthy "$release" "$facts"
  printf '%s\n' "$states"
}

main "$@"
