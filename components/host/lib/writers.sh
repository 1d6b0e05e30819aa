# shellcheck shell=bash disable=SC2154 # site and notes are the caller's
# All that writes to the data of one site, `site`: gunicorn, the processes beside it, and timers. The programs that ran are
# listed in $notes/stopped, so that a run that was killed leaves them to the next one.

stop_writers() {
  local list=$notes/stopped fresh names
  touch "$list"
  fresh=$({ site_programs "$site" && site_processes "$site"; } |
    awk '$2 ~ /^(STARTING|RUNNING|BACKOFF)$/ { print $1 }' | sort -u - "$list" | stage "$list" 0600)
  mv -f "$fresh" "$list"
  printf 'stopping the site\n'
  stop_timers
  mapfile -t names <"$list"
  end_programs "${names[@]}"
}

start_writers() {
  local name list=$notes/stopped
  [ -e "$list" ] || return 0
  while read -r name; do rpc startProcess "$name" 0 >/dev/null || true; done <"$list"
  start_timers || true
  rm -f "$list"
}
