#!/usr/bin/env bash
# https-remove SITE MACHINE : a site's server for HTTPS and its certificate go; by HTTP it goes on to answer. On any
# machine but the one the site was put on, this does nothing.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/https.sh"
. "${0%/*}/lib/nginx.sh"

main() {
  site=${1:?site}
  [ "$(cat /opt/django-server/machine-id)" = "${2:?machine id}" ] || return 0
  lock nginx
  remove_https
}

main "$@"
