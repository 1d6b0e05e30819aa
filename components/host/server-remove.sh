#!/usr/bin/env bash
# server-remove MACHINE : takes what every server gets off the machine again: drop-ins, the default server, and the
# packages this program installed, unless something else uses them by now or data is kept in them.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/kept.sh"
. "${0%/*}/lib/nginx.sh"
. "${0%/*}/lib/postgresql.sh"

readonly state=/var/lib/django-server

# Sites of another stack.
of_ours() {
  local folder
  for folder in /etc/django-server/*/; do [ ! -e "$folder/environment" ] || return 0; done
  return 1
}

# What the machine's owner has nginx and supervisor do.
of_others() {
  [ -n "$(find /etc/nginx/sites-enabled /etc/nginx/conf.d /etc/supervisor/conf.d -mindepth 1 ! -name default 2>/dev/null)" ]
}

remove_packages() {
  local names=() plan kept
  [ -s "$state/packages" ] || return 0
  kept=$(keeping)
  if [ -n "$kept" ]; then
    printf 'with the data in them these packages stay: %s\n' "${kept//$'\n'/ }"
    # For the day that it is gone.
    sort -u "$state/packages" | comm -12 - <(with_dependencies <<<"$kept") >"$state/packages.kept"
  fi
  mapfile -t names < <(sort -u "$state/packages" | comm -23 - <(cat "$state/packages.kept" 2>/dev/null))
  plan=$(apt-get -s purge "${names[@]}" 2>/dev/null | awk '/^(Purg|Remv) / { print $2 }' | sort -u)
  if [ -n "$(comm -13 <(printf '%s\n' "${names[@]}") <(printf '%s\n' "$plan"))" ]; then
    printf 'packages stay, since others need them by now: %s\n' "${names[*]}"
    return
  fi
  quietly apt-get -q -y -o DPkg::Lock::Timeout=300 purge "${names[@]}" || fail "removing ${names[*]} failed"
  # What the packages make and leave.
  if ! dpkg-query -W supervisor >/dev/null 2>&1; then rm -rf /var/log/supervisor; fi
  if ! dpkg-query -W nginx >/dev/null 2>&1; then
    rm -f /var/www/html/index.nginx-debian.html
    rmdir --ignore-fail-on-non-empty -p /var/www/html 2>/dev/null || true
  fi
  if ! dpkg-query -W postgresql-common >/dev/null 2>&1; then
    rm -rf /etc/systemd/system/postgresql@*-main.service.d
    rm -f /etc/postgresql-common/createcluster.d/django-server.conf /etc/postgresql/*/main/conf.d/django-server.conf
    find /etc/postgresql /etc/postgresql-common /var/lib/postgresql -depth -type d -empty -delete 2>/dev/null || true
  fi
}

main() {
  [ "$(cat /opt/django-server/machine-id)" = "${1:?machine id}" ] || return 0
  lock packages
  lock nginx
  if of_ours; then
    printf 'other sites use this server: its base stays\n'
    return
  fi
  rm -f /etc/nginx/sites-enabled/django-server-default /etc/nginx/sites-available/django-server-default
  if [ -e "$state/default-put-aside" ] && [ -e /etc/nginx/sites-available/default ]; then
    ln -sfn /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default
  fi
  rm -rf /etc/systemd/system/{nginx,supervisor}.service.d/django-server.conf
  rmdir --ignore-fail-on-non-empty /etc/systemd/system/{nginx,supervisor}.service.d 2>/dev/null || true
  systemctl daemon-reload
  if systemctl --quiet is-active nginx; then nginx_reload || true; fi
  if of_others; then printf 'packages stay: others use nginx or supervisor\n'; else remove_packages; fi
  rm -rf /opt/django-server /run/lock/django-server
  if [ -e "$state/packages.kept" ]; then
    mv "$state/packages.kept" "$state/packages"
    find "$state" -mindepth 1 ! -name packages -delete
  else
    rm -rf "$state"
  fi
}

main "$@"
