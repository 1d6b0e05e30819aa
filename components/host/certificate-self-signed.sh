#!/usr/bin/env bash
# certificate-self-signed SITE : a certificate that vouches for itself, for the names that come as the fact `names` on
# standard input. One that is for these names and lasts for another month is left as it is.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/https.sh"
. "${0%/*}/lib/nginx.sh"

# As long as that of Debian's package ssl-cert: nobody is to renew it.
readonly days=3650

names_of() {
  { openssl x509 -in "$1" -noout -ext subjectAltName 2>/dev/null || true; } | grep -o 'DNS:[^,]*' | cut -d : -f 2 | xargs
}

fits() { [ "$(names_of "$1")" = "$2" ] && openssl x509 -in "$1" -noout -checkend $((30 * 86400)) >/dev/null; }

make() {
  local names=$1 config
  config="[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = $site
[extensions]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:${names// /, DNS:}"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -days $days \
    -config <(printf '%s\n' "$config") -keyout /dev/stdout -out /dev/stdout 2>/dev/null
}

main() {
  site=${1:?site}
  local fact names pem
  read -r fact names
  [ "$fact" = names ] || fail "the names are missing"
  lock nginx
  if ! fits "$(certificate_file)" "$names"; then
    pem=$(make "$names") || fail "the certificate could not be made"
    place_certificate <<<"$pem"
  fi
  certificate_sum
}

main "$@"
