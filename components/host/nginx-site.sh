#!/usr/bin/env bash
# nginx-site SITE HOST PATH STATUS : standard input as the site's server, asked for PATH once it is live.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/https.sh"
. "${0%/*}/lib/nginx.sh"
. "${0%/*}/lib/probe.sh"
. "${0%/*}/lib/server.sh"

redirects() { served_by_https "$1" && grep -q "$https_names/" "/etc/nginx/sites-available/$site"; }

ask() {
  local host=$1 path=$2 status=$3
  ! redirects "$host" || status=301-301
  probe "$site through nginx" "$status" 10 false --header "Host: $host" "http://127.0.0.1$path"
}

main() {
  site=${1:?site}
  lock nginx
  place_server "$site" ask "${2:?host}" "${3:?path}" "${4:?status}"
}

main "$@"
