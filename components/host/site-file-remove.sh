#!/usr/bin/env bash
# site-file-remove SITE NAME MACHINE : takes a file out of /etc/django-server/SITE/next. On any machine but the one it was
# placed on, this does nothing.
. "${0%/*}/lib/common.sh"

main() {
  local site=${1:?site} name=${2:?name}
  [ "$(cat /opt/django-server/machine-id)" = "${3:?machine id}" ] || return 0
  lock "site-$site"
  rm -f "/etc/django-server/$site/next/$name"
}

main "$@"
