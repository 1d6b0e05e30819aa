#!/usr/bin/env bash
# redis-remove keep-data|delete-data SITE MACHINE : stops the site's Redis. Kept, its data waits with its password for the
# site to come back. On any machine but the one it was made on, this does nothing.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/redis.sh"

main() {
  local fate=${1:?keep-data or delete-data} site=${2:?site}
  [ "$(cat /opt/django-server/machine-id)" = "${3:?machine id}" ] || return 0
  [ -e "/etc/django-server/$site/services/redis" ] || return 0
  lock redis
  remove_redis "$site"
  if [ "$fate" = delete-data ]; then
    drop_redis_data "$site"
  else
    printf 'the data of the Redis of %s stays in /var/lib/redis/%s\n' "$site" "$site"
  fi
}

main "$@"
