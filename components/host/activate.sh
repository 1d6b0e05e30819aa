#!/usr/bin/env bash
# activate SITE RELEASE : migrates, switches to the release, restarts the site's instances one after the other, each
# healthy before the next; otherwise the old release comes back. Facts on standard input, one `NAME VALUE` a line.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/probe.sh"
. "${0%/*}/lib/supervisor.sh"

migrate() {
  [ "${fact[migrate]}" = true ] || return 0
  (
    umask 027
    RELEASE=releases/$release setpriv --reuid "$site" --regid "$site" --init-groups \
      "${fact[exec]}" "$site" python manage.py migrate --no-input
  ) >"/var/log/$site/migrate.log" 2>&1 </dev/null || {
    tail -n 20 "/var/log/$site/migrate.log" | cut -c1-400 >&2
    fail "a migration failed: nothing was switched, the old release still serves; the database may be partly migrated"
  }
}

# current is replaced in one rename, so that nginx and gunicorn always find a whole release.
switch_to() {
  ln -sfn "$1" "/srv/$site/current.new"
  mv -fT "/srv/$site/current.new" "/srv/$site/current"
}

# A program that supervisor has given up, or is about to start for another time, will not answer soon.
has_stopped() { [[ "$(program_state "$program")" =~ BACKOFF|FATAL|EXITED|STOPPED ]]; }

roll() {
  local index
  for ((index = 0; index < fact[instances]; index++)); do
    program=$site-gunicorn-$index
    program_restart "$program" || return 1
    probe "$program" "${fact[health_status]}" "${fact[health_timeout]}" has_stopped \
      --unix-socket "/run/$site/gunicorn-$index.sock" --header "Host: ${fact[host]}" \
      "http://localhost${fact[health_path]}" >/dev/null || {
      printf 'the last lines of %s:\n' "/var/log/$site/gunicorn-$index.log" >&2
      tail -n 15 "/var/log/$site/gunicorn-$index.log" | cut -c1-400 | sed 's/^/  /' >&2
      return 1
    }
  done
}

# Instances that the settings no longer have.
drop_surplus() {
  local name
  for name in $(site_programs "$site"); do
    [ "${name##*-}" -lt "${fact[instances]}" ] || supervisorctl update "$name" >/dev/null
  done
}

roll_back() {
  local previous=$1 failed=$release name
  if [ -z "$previous" ]; then
    for name in $(site_programs "$site"); do supervisorctl stop "$name" >/dev/null || true; done
    rm -f "/srv/$site/current"
    fail "release $failed did not become healthy; there is no earlier release to go back to"
  fi
  switch_to "$previous"
  roll >/dev/null 2>&1 || fail "release $failed did not become healthy, and neither did ${previous##*/} after it"
  fail "release $failed did not become healthy; ${previous##*/} is serving again"
}

main() {
  site=${1:?site} release=${2:?release}
  local name value previous
  declare -A fact
  while read -r name value; do fact[$name]=$value; done
  lock "site-$site"
  lock supervisor
  [ -e "/srv/$site/releases/$release/.complete" ] || fail "release $release is not on this machine"
  previous=$(readlink "/srv/$site/current") || previous=
  migrate
  switch_to "releases/$release"
  supervisor_reread
  roll || roll_back "$previous"
  drop_surplus
  if [ -n "$previous" ] && [ "$previous" != "releases/$release" ]; then ln -sfn "$previous" "/srv/$site/previous"; fi
  # Healthy within `startsecs`, an instance is still STARTING in supervisor's eyes.
  supervisorctl status | sed -nE "s/^($site-gunicorn-[0-9]+) +(.*[^ ]) *$/\\1 answers; supervisor: \\2/p"
}

main "$@"
