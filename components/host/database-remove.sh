#!/usr/bin/env bash
# database-remove SITE MACHINE keep-data|delete-data : the site no longer uses its database. Kept, it waits with its role
# and password for the site to come back. On any machine but the one it was made on, this does nothing.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/postgresql.sh"

main() {
  local site=${1:?site} version port
  [ "$(cat /opt/django-server/machine-id)" = "${2:?machine id}" ] || return 0
  [ -e "/etc/django-server/$site/services/postgresql" ] || return 0
  lock postgresql
  if [ "${3:?keep-data or delete-data}" = delete-data ]; then
    drop_database "$site"
  else
    printf 'the database of %s stays\n' "$site"
  fi
}

main "$@"
