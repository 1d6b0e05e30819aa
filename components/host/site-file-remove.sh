#!/usr/bin/env bash
# site-file-remove SITE PATH MACHINE : takes a file out of /etc/django-server/SITE. On any machine but the one it was placed
# on, this does nothing.
. "${0%/*}/lib/common.sh"

main() {
  local site=${1:?site} path=${2:?path}
  [ "$(cat /opt/django-server/machine-id)" = "${3:?machine id}" ] || return 0
  lock "site-$site"
  rm -f "/etc/django-server/$site/$path"
}

main "$@"
