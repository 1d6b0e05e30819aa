# shellcheck shell=bash disable=SC2154 # site and fact are the caller's
# HTTPS of one site, `site`. nginx redirects a name to it as long as there is a file of that name in the site's folder here.
readonly https_names=/var/lib/django-server/https

served_by_https() { [ -e "$https_names/$site/$1" ]; }

# ask_https HOST PATH STATUS CURL_ARGUMENT... : what a visitor does.
ask_https() {
  local host=$1 path=$2 status=$3
  shift 3
  probe "$site by HTTPS" "$status" 10 false --resolve "$host:443:127.0.0.1" "$@" "https://$host$path"
}

# A new domain reaches nginx in the steps after this one, which ask through nginx as well.
nginx_knows_host() { grep -Eqs "^ *server_name ([^;]* )?${fact[host]//./\\.}[ ;]" "/etc/nginx/sites-enabled/$site"; }

# What a visitor does, in whichever way the site is served; its facts, `fact`, are the caller's.
ask_through_nginx() {
  if served_by_https "${fact[host]}"; then
    ask_https "${fact[host]}" "${fact[health_path]}" "${fact[health_status]}" --insecure
  elif nginx_knows_host; then
    probe "$site through nginx" "${fact[health_status]}" 10 false \
      --header "Host: ${fact[host]}" "http://127.0.0.1${fact[health_path]}"
  fi
}

# The names that nginx redirects, and no others.
redirect_names() {
  local folder=$https_names/$site name
  mkdir -p "$folder"
  for name in "$folder"/*; do [[ " $* " == *" ${name##*/} "* ]] || rm -f "$name"; done
  for name in "$@"; do : >"$folder/$name"; done
}

readonly acme_webroot=/var/lib/django-server/acme
renewal() { printf '/etc/letsencrypt/renewal/%s.conf\n' "$site"; }

# certbot's record of how a certificate is renewed tells whose it is.
own_lineage() { grep -qs "$acme_webroot" "$(renewal)"; }

remove_lineage() {
  own_lineage || return 0
  quietly certbot delete --non-interactive --cert-name "$site" ||
    rm -rf "$(renewal)" "/etc/letsencrypt/live/${site:?}" "/etc/letsencrypt/archive/${site:?}"
}

# A certificate and its key in one file: neither is ever there without the other.
certificate_file() { printf '/etc/django-server/%s/tls.pem\n' "$site"; }

# Standard input as that file. nginx takes it at once, if it serves the old one.
place_certificate() {
  local file staged
  file=$(certificate_file)
  staged=$(stage "$file" 0600)
  [ ! -e "$file" ] || cp -p "$file" "$file.staged.old"
  mv -f "$staged" "$file"
  if [ -e "/etc/nginx/sites-enabled/$site-tls" ]; then
    if ! { quietly nginx -t && nginx_reload; }; then
      [ ! -e "$file.staged.old" ] || mv -f "$file.staged.old" "$file"
      fail "nginx does not take this certificate; it goes on with the old one"
    fi
  fi
  rm -f "$file.staged.old"
}

# What `npm run status` compares it with; it tells nothing of the key.
certificate_sum() { cat "/etc/django-server/$site/salt" "$(certificate_file)" | sha256sum | cut -c1-16; }

remove_https() {
  rm -rf "${https_names:?}/${site:?}"
  rm -f "/etc/nginx/sites-enabled/$site-tls" "/etc/nginx/sites-available/$site-tls"
  # With the last site goes what refused other hosts.
  if [ -z "$(ls -A "$https_names" 2>/dev/null)" ]; then
    rm -f /etc/nginx/sites-{enabled,available}/django-server-default-tls
  fi
  nginx_reload || true
  remove_lineage
  rm -f "$(certificate_file)"
}
