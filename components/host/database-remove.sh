#!/usr/bin/env bash
# database-remove keep-data|delete-data SITE MACHINE : the site no longer uses its database. Kept, it waits with its role
# and password for the site to come back. On any machine but the one it was made on, this does nothing.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/postgresql.sh"

main() {
  local fate=${1:?keep-data or delete-data} site=${2:?site} version port
  [ "$(cat /opt/django-server/machine-id)" = "${3:?machine id}" ] || return 0
  [ -e "/etc/django-server/$site/services/postgresql" ] || return 0
  lock postgresql
  if [ "$fate" = delete-data ]; then
    drop_database "$site"
  else
    printf 'the database of %s stays\n' "$site"
  fi
}

main "$@"
