# shellcheck shell=bash
# One instance of Redis for each site, by Debian's template redis-server@SITE.service: its settings in
# /etc/redis/redis-SITE.conf, what this machine adds to them in redis-SITE-machine.conf, its data in /var/lib/redis/SITE.
remove_redis() {
  local site=$1
  systemctl --quiet disable --now "redis-server@$site" 2>/dev/null || true
  rm -f "/etc/redis/redis-$site.conf" "/etc/redis/redis-$site-machine.conf"
  rm -rf "/etc/systemd/system/redis-server@$site.service.d"
  systemctl daemon-reload
}

drop_redis_data() {
  rm -rf "/var/lib/redis/${1:?}"
  rm -f "/var/log/redis/redis-server-$1.log"*
  rm -f "/etc/django-server/$1/services/redis"
}
