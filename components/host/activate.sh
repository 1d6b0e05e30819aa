#!/usr/bin/env bash
# activate SITE RELEASE : migrates, switches to the release and to the settings placed beside the live ones, restarts the
# site's instances one after the other, each healthy before the next; otherwise the old release comes back with its
# settings. Facts on standard input, one `NAME VALUE` a line.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/probe.sh"
. "${0%/*}/lib/releases.sh"
. "${0%/*}/lib/site.sh"
. "${0%/*}/lib/supervisor.sh"
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
    tail -n 20 "/var/log/$site/migrate.log" | cut -c1-400 >&2
    fail "a migration failed: nothing was switched, the old release still serves; the database may be partly migrated"
  }
}

# A program that supervisor has given up, or is about to start for another time, will not answer soon.
has_stopped() { [[ "$(program_state "$program")" =~ BACKOFF|FATAL|EXITED|STOPPED ]]; }

# gunicorn's own traceback when it gives up would push the app's out of sight, which says why.
without_halt() {
  awk '/^Traceback/ { held = ""; inside = 1 }
    !inside && NF && !/^During handling of the above/
    inside { held = held $0 "\n" }
    inside && /^[^ T]/ { inside = 0; if (!/HaltServer/) printf "%s", held }'
}

# A new domain reaches nginx in the step after this one, which asks through nginx as well.
nginx_knows_host() { grep -Eqs "^ *server_name ([^;]* )?${fact[host]//./\\.}[ ;]" "/etc/nginx/sites-enabled/$site"; }

roll() {
  local index
  supervisor_reread
  for ((index = 0; index < fact[instances]; index++)); do
    program=$site-gunicorn-$index
    program_restart "$program" || return 1
    probe "$program" "${fact[health_status]}" "${fact[health_timeout]}" has_stopped \
      --unix-socket "/run/$site/gunicorn-$index.sock" --header "Host: ${fact[host]}" \
      "http://localhost${fact[health_path]}" >/dev/null || {
      printf 'the last lines of %s:\n' "/var/log/$site/gunicorn-$index.log" >&2
      tail -n 80 "/var/log/$site/gunicorn-$index.log" | without_halt | tail -n 15 | cut -c1-400 | sed 's/^/  /' >&2
      return 1
    }
  done
  ! nginx_knows_host ||
    probe "$site through nginx" "${fact[health_status]}" 10 false \
      --header "Host: ${fact[host]}" "http://127.0.0.1${fact[health_path]}" >/dev/null
}

# Programs of instances that the settings no longer have.
drop_surplus() {
  local name count
  count=$(grep -c '^\[program:' "/etc/supervisor/conf.d/$site-gunicorn.conf")
  for name in $(site_programs "$site"); do
    [ "${name##*-}" -lt "$count" ] || supervisorctl update "$name" >/dev/null
  done
}

roll_back() {
  local before name
  if ! before=$(healthy_release); then
    rm -f "/etc/supervisor/conf.d/$site-gunicorn.conf" "/srv/$site/current"
    for name in $(site_programs "$site"); do supervisorctl update "$name" >/dev/null || true; done
    fail "release $release did not become healthy; there is no earlier one to go back to"
  fi
  put_settings "/etc/django-server/$site/healthy"
  switch_to "$before"
  # What it answers to, and how, may have been other than now.
  read_facts <"/etc/django-server/$site/healthy/facts"
  roll >/dev/null 2>&1 || fail "release $release did not become healthy, and neither did $before after it"
  drop_surplus
  fail "release $release did not become healthy; $before is serving again"
}

read_facts() {
  local name value
  facts=$(cat)
  while read -r name value; do fact[$name]=$value; done <<<"$facts"
}

main() {
  site=${1:?site} release=${2:?release}
  local facts
  declare -A fact
  read_facts
  lock "site-$site"
  lock supervisor
  require_release "$release"
  venv_works "/srv/$site/releases/$release/venv" ||
    fail "release $release was made for another Python than this machine has by now; deploy its source again"
  migrate
  put_settings "/etc/django-server/$site/next"
  switch_to "$release"
  roll || roll_back
  drop_surplus
  record_healthy "$release" "$facts"
  # Healthy within `startsecs`, an instance is still STARTING in supervisor's eyes.
  supervisorctl status | sed -nE "s/^($site-gunicorn-[0-9]+) +(.*[^ ]) *$/\\1 answers; supervisor: \\2/p"
}

main "$@"
