#!/usr/bin/env bash
# site-remove keep-data|delete-data SITE MACHINE : takes a site off the machine, and nothing else. Kept, its data in
# /srv/SITE/shared stays, and what its services keep, with the user who owns it. On any machine but the one the site was
# put on, this does nothing.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/https.sh"
. "${0%/*}/lib/nginx.sh"
. "${0%/*}/lib/processes.sh"
. "${0%/*}/lib/postgresql.sh"
. "${0%/*}/lib/redis.sh"
. "${0%/*}/lib/supervisor.sh"
. "${0%/*}/lib/timers.sh"

remove_programs() {
  local names name
  names=$({ site_programs "$site" && site_processes "$site"; } | cut -d ' ' -f 1)
  rm -f "/etc/supervisor/conf.d/$site"-{gunicorn,processes}.conf
  for name in $names; do quietly supervisorctl update "$name" || true; done
}

remove_nginx_site() {
  [ -e "/etc/nginx/sites-available/$1" ] || return 0
  # The server for HTTPS first: it needs what is in the other file.
  remove_https
  rm -f "/etc/nginx/sites-enabled/$1" "/etc/nginx/sites-available/$1"
  nginx_reload || true
}

# The snapshots stay or go as the data do; those in a store stay.
remove_backups() {
  local units=/etc/systemd/system name folder
  for name in "$1-backup.timer" "$1-backup.service"; do
    [ -e "$units/$name" ] || continue
    quietly systemctl disable --now "$name" || true
    rm -f "$units/$name" "/var/lib/systemd/timers/stamp-$name"
  done
  systemctl daemon-reload
  folder=$(sed -n 's/^folder //p' "/etc/django-server/$1/backup/settings" 2>/dev/null) || folder=none
  if [ "$2" = delete-data ] && [ "${folder:-none}" != none ]; then
    rm -rf "$folder/repository" "$folder/password"
    rmdir --ignore-fail-on-non-empty "$folder" 2>/dev/null || true
  fi
  rm -rf "/var/lib/django-server/backup/${1:?}"
  rmdir --ignore-fail-on-non-empty /var/lib/django-server/backup 2>/dev/null || true
}

has_data() { [ -n "$(find "/srv/$1/shared" "/etc/django-server/$1/services" -type f -print -quit 2>/dev/null)" ]; }

# A service that was taken from the site earlier may have kept something, too.
delete_data() {
  local services=/etc/django-server/$1/services version port
  if [ -e "$services/postgresql" ]; then drop_database "$1"; fi
  if [ -e "$services/redis" ]; then remove_redis "$1" && drop_redis_data "$1"; fi
  rm -rf "/srv/${1:?}/shared"
}

main() {
  local fate=${1:?keep-data or delete-data}
  site=${2:?site}
  [ "$(cat /opt/django-server/machine-id)" = "${3:?machine id}" ] || return 0
  [ -d "/etc/django-server/$site" ] || return 0
  lock "site-$site"
  lock supervisor
  lock nginx
  lock postgresql
  lock redis
  stop_timers
  remove_timers
  stop_processes
  remove_programs
  remove_nginx_site "$site"
  remove_backups "$site" "${3:?keep-data or delete-data}"
  rm -f "/etc/tmpfiles.d/django-server-$site.conf" "/etc/logrotate.d/django-server-$site"
  rm -rf "/run/${site:?}" "/var/log/${site:?}" "/var/cache/django-server-${site:?}"
  find "/srv/${site:?}" -mindepth 1 -maxdepth 1 ! -name shared -exec rm -rf {} +
  if [ "$fate" = delete-data ]; then delete_data "$site"; fi
  if has_data "$site"; then
    find "/etc/django-server/$site" -mindepth 1 -maxdepth 1 ! -name generated ! -name services -exec rm -rf {} +
    printf 'the data of %s stays on the machine\n' "$site"
    return
  fi
  rm -rf "/srv/${site:?}" "/etc/django-server/${site:?}"
  userdel "$site" 2>/dev/null || true
  rmdir --ignore-fail-on-non-empty /etc/django-server
}

main "$@"
