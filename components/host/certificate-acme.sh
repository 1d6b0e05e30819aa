#!/usr/bin/env bash
# certificate-acme SITE : a certificate from an ACME server by certbot, whose own timer renews it from then on. What to ask
# for comes as facts on standard input, one `NAME VALUE` a line. One that is for these names is kept until it is due.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/https.sh"

# Kept in certbot's record of the certificate, and run after each renewal.
readonly reload='nginx -t -q && systemctl reload nginx'

# What the ACME server will ask for, asked for from here: its own question counts against a limit of failures.
check_challenges() {
  local folder=$acme_webroot/.well-known/acme-challenge token=check-$RANDOM$RANDOM name answer
  mkdir -p "$folder"
  printf '%s' "$token" >"$folder/$token"
  # shellcheck disable=SC2064
  trap "rm -f '$folder/$token'" EXIT
  for name in ${fact[names]}; do
    answer=$(curl --silent --show-error --noproxy '*' --max-time 5 --header "Host: $name" \
      "http://127.0.0.1/.well-known/acme-challenge/$token" 2>&1) || true
    [ "$answer" = "$token" ] || { head -c 300 <<<"$answer" >&2 && fail "nginx does not serve ACME's challenges for $name"; }
  done
}

# Killed while it wrote its record, certbot would make another one beside it.
clear_half_written() {
  local record
  record=$(renewal)
  [ ! -e "$record" ] || [ -s "$record" ] || rm -rf "$record" "/etc/letsencrypt/live/${site:?}" "/etc/letsencrypt/archive/${site:?}"
  [ ! -e "$record" ] || own_lineage || fail "certbot has a certificate named $site that is not this site's; choose another site name"
}

ask_for_certificate() {
  local contact=(--register-unsafely-without-email) again=() names=() name
  [ -z "${fact[email]}" ] || contact=(--email "${fact[email]}" --no-eff-email)
  for name in ${fact[names]}; do names+=(--domain "$name"); done
  # One of another server's is no reason to keep it, even if that one is trusted and the new one is not.
  if own_lineage && ! grep -qxF "server = ${fact[directory]}" "$(renewal)"; then again=(--force-renewal --break-my-certs); fi
  # The machine's own list of authorities, to which a company may have added one.
  REQUESTS_CA_BUNDLE=$SSL_CERT_FILE certbot certonly --non-interactive --agree-tos "${contact[@]}" \
    --server "${fact[directory]}" --cert-name "$site" --key-type ecdsa --webroot --webroot-path "$acme_webroot" \
    --keep-until-expiring --renew-with-new-domains "${again[@]}" --deploy-hook "$reload" "${names[@]}" </dev/null
}

# certbot's words, without those about itself: for each name what the server says, or why it was not asked.
reasons() {
  awk '
    /^ *Domain: / { domain = $2 }
    /^ *Type: / { type = $2 }
    /^ *Detail: / { sub(/^ *Detail: /, ""); print domain ": " type ": " $0; told = 1 }
    /^Ask for help|^Saving debug log|^Account registered|^Requesting a certificate|^Renewing an existing|^$/ { next }
    { rest = rest $0 "\n" }
    END { if (!told) printf "%s", rest }' "$1" | cut -c1-400
}

outcome() {
  local certificate=/etc/letsencrypt/live/$site/cert.pem
  if openssl x509 -in "$certificate" -noout -checkend 0 >/dev/null 2>&1; then
    printf 'the one in use stays, until %s' "$(openssl x509 -in "$certificate" -noout -enddate | cut -d = -f 2)"
  else
    printf 'the site goes on to answer by HTTP'
  fi
}

main() {
  site=${1:?site}
  local log try
  declare -A fact
  read_values fact
  lock certbot
  mkdir -p "$acme_webroot"
  check_challenges
  clear_half_written
  log=$(mktemp)
  for ((try = 1; ; try++)); do
    if ask_for_certificate >"$log" 2>&1; then break; fi
    # What the server has refused it would refuse again, and it counts.
    if [ "$try" -lt 3 ] && ! grep -qE '^ *Detail: |rateLimited|too many' "$log"; then sleep 5 && continue; fi
    reasons "$log" >&2
    rm -f "$log"
    fail "no certificate was issued; $(outcome). Each name must lead to this machine, and its port 80 be open to the world"
  done
  rm -f "$log"
  quietly systemctl enable --now certbot.timer || fail "certbot.timer, which renews the certificate, can't be started"
}

main "$@"
