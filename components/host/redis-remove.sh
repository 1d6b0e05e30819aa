#!/usr/bin/env bash
# redis-remove SITE MACHINE keep-data|delete-data : stops the site's Redis. Kept, its data waits with its password for the
# site to come back. On any machine but the one it was made on, this does nothing.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/redis.sh"

main() {
  local site=${1:?site}
  [ "$(cat /opt/django-server/machine-id)" = "${2:?machine id}" ] || return 0
  [ -e "/etc/django-server/$site/services/redis" ] || return 0
  lock redis
  remove_redis "$site"
  if [ "${3:?keep-data or delete-data}" = delete-data ]; then
    drop_redis_data "$site"
  else
    printf 'the data of the Redis of %s stays in /var/lib/redis/%s\n' "$site" "$site"
  fi
}

main "$@"
