# shellcheck shell=bash disable=SC2154 # site and notes are the caller's
# All that writes to the data of one site, `site`: supervisor's programs SITE-NAME-NUMBER, and systemd's timers SITE-NAME.
# What ran before it was stopped is listed in $notes/stopped, so that a run that was killed leaves it to the next one.

running() {
  { supervisorctl status || true; } | awk -v own="^$site-[a-z0-9_]+-[0-9]+\$" \
    '$1 ~ own && $2 ~ /^(STARTING|RUNNING|BACKOFF)$/ { print "program", $1 }'
  systemctl list-units --plain --no-legend --type=timer "$site-*.timer" | awk -v own="^$site-[a-z0-9_]+[.]timer\$" \
    '$1 ~ own { sub(/[.]timer$/, "", $1); print "timer", $1 }'
}

stop_writers() {
  local kind name list=$notes/stopped fresh
  touch "$list"
  fresh=$(running | sort -u - "$list" | stage "$list" 0600)
  mv -f "$fresh" "$list"
  printf 'stopping the site\n'
  while read -r kind name; do
    case $kind in
      program) stop_program "$name" ;;
      timer) systemctl stop "$name.timer" "$name.service" ;;
    esac
  done <"$list"
  while read -r kind name; do
    [ "$kind" != program ] || await_end "$name"
  done <"$list"
}

start_writers() {
  local kind name list=$notes/stopped
  [ -e "$list" ] || return 0
  while read -r kind name; do
    case $kind in
      program) rpc startProcess "$name" 0 >/dev/null || true ;;
      timer) systemctl start "$name.timer" || true ;;
    esac
  done <"$list"
  rm -f "$list"
}
