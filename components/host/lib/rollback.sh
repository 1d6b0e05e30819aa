# shellcheck shell=bash disable=SC2154 # site, release, stays and rolls are the caller's
# What becomes of an activation that goes wrong: the release and the settings before it come back.

withdraw() {
  local name
  stop_processes
  rm -f "/etc/supervisor/conf.d/$site"-{gunicorn,processes}.conf "/srv/$site/current"
  for name in $({ site_programs "$site" && site_processes "$site"; } | cut -d ' ' -f 1); do
    supervisorctl update "$name" >/dev/null || true
  done
  remove_timers
}

roll_back() {
  local before also=
  before=$(healthy_release) ||
    { withdraw && fail "release $release did not become healthy; there is no earlier one to go back to"; }
  # What it answers to, and how, may have been other than now.
  read_facts <"/etc/django-server/$site/healthy/facts"
  put_settings "/etc/django-server/$site/healthy"
  switch_to "$before"
  # Visitors first.
  if [ -n "$rolls" ]; then
    keep_old
    roll >/dev/null 2>&1 || fail "release $release did not become healthy, and neither did $before after it"
    retire_others >/dev/null
  fi
  [ -n "$stays" ] || stop_processes
  start_processes || also=", without all of its processes"
  put_timers || also+=", without all of its timers"
  [ -n "$also" ] || rm -f "/etc/django-server/$site/unfinished"
  [ -z "$stays" ] || fail "what runs beside release $release did not start; it is as before$also"
  fail "release $release did not become healthy; $before is serving again$also"
}
