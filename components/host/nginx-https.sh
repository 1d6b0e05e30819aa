#!/usr/bin/env bash
# nginx-https SITE CERTIFICATE HOST PATH STATUS NAME... : standard input as the site's server for HTTPS, asked for PATH
# once it is live; then nginx redirects the names to it. The certificate that is not used any more goes.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/https.sh"
. "${0%/*}/lib/nginx.sh"
. "${0%/*}/lib/probe.sh"
. "${0%/*}/lib/server.sh"

main() {
  site=${1:?site}
  local certificate=${2:?certificate}
  lock nginx
  # Trusted for this question alone: it is the one that has to come.
  place_server "$site-tls" ask_https "${3:?host}" "${4:?path}" "${5:?status}" --cacert "$certificate"
  shift 5
  redirect_names "$@"
  if [ "$certificate" = "$(certificate_file)" ]; then remove_lineage; else rm -f "$(certificate_file)"; fi
}

main "$@"
