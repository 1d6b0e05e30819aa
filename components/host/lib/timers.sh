# shellcheck shell=bash disable=SC2154 # site and fact are the caller's
# Scheduled commands: systemd's units SITE-NAME.timer and SITE-NAME.service of one site, `site`.
readonly unit_folder=/etc/systemd/system

# The names of those that are there, whatever the settings say.
site_timers() {
  grep -lxF "# A timer of site $site." "$unit_folder/$site"-*.timer 2>/dev/null | sed 's#.*/##; s/\.timer$//' || true
}

# Ends what they run at the moment, and starts nothing any more.
stop_timers() {
  local names
  mapfile -t names < <(site_timers)
  [ "${#names[@]}" -eq 0 ] || systemctl stop "${names[@]/%/.timer}" "${names[@]/%/.service}"
}

# What should have run in between runs now.
start_timers() {
  local names
  mapfile -t names < <(site_timers)
  [ "${#names[@]}" -eq 0 ] || systemctl start "${names[@]/%/.timer}"
}

# What it runs at the moment comes to its end.
remove_timer() {
  systemctl --quiet disable --now "$1.timer" 2>/dev/null || true
  rm -f "$unit_folder/$1".{timer,service} "/var/lib/systemd/timers/stamp-$1.timer"
  systemctl --quiet reset-failed "$1.service" 2>/dev/null || true
}

remove_timers() {
  local name names
  mapfile -t names < <(site_timers)
  [ "${#names[@]}" -gt 0 ] || return 0
  for name in "${names[@]}"; do remove_timer "$name"; done
  rm -f "/etc/logrotate.d/django-server-$site.timers"
  systemctl daemon-reload
}

# Has systemd keep those of the settings in force, and no others. False, with the reason, when it does not.
put_timers() {
  local work name names path
  [ -n "${fact[timers]-}" ] || { remove_timers && return; }
  work=$(mktemp -d)
  unpack_files "$work" <"/etc/django-server/$site/timers" || return 1
  for name in $(site_timers); do
    [ -e "$work/$name.timer" ] || remove_timer "$name"
  done
  for path in "$work"/*; do
    name=${path##*/}
    if [ "$name" = logrotate ]; then name=/etc/logrotate.d/django-server-$site.timers; else name=$unit_folder/$name; fi
    cmp -s "$path" "$name" || { install -m 0644 "$path" "$name.new" && mv -f "$name.new" "$name"; } || return 1
  done
  rm -rf "$work"
  mapfile -t names < <(site_timers)
  systemctl daemon-reload && systemctl --quiet enable "${names[@]/%/.timer}" && systemctl restart "${names[@]/%/.timer}"
}
