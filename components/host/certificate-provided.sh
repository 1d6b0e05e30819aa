#!/usr/bin/env bash
# certificate-provided SITE : standard input as the site's certificate, with its chain and its key.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/https.sh"
. "${0%/*}/lib/nginx.sh"

main() {
  site=${1:?site}
  lock nginx
  place_certificate
  certificate_sum
}

main "$@"
