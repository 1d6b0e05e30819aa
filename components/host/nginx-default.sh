#!/usr/bin/env bash
# nginx-default PAGE : standard input as the server for unknown hosts, django-server-PAGE, in place of Debian's welcome
# page.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/nginx.sh"

# Only Debian's untouched page is put aside; a default server of somebody's own is a conflict to be told.
stock() {
  [ "$(readlink -f /etc/nginx/sites-enabled/default)" = /etc/nginx/sites-available/default ] &&
    dpkg --verify nginx-common nginx 2>/dev/null | grep -q 'sites-available/default' && return 1
  [ -L /etc/nginx/sites-enabled/default ]
}

# By HTTPS nginx refuses a host since version 1.19.4.
check_version() {
  local version
  version=$(nginx -v 2>&1 | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1)
  printf '1.19.4\n%s\n' "$version" | sort --check=quiet --version-sort ||
    fail "nginx $version can't refuse unknown hosts by HTTPS: upgrade to Debian 12 or Ubuntu 24.04, or set nginx.refuseUnknownHosts to false"
}

main() {
  local name=django-server-${1:?page} available staged copy
  available=/etc/nginx/sites-available/$name
  lock nginx
  refuse_foreign "$available"
  staged=$(stage "$available")
  copy=$(nginx_copy) || fail "/etc/nginx cannot be copied to be tested; the live configuration is untouched"
  # shellcheck disable=SC2064
  trap "rm -rf '$copy' '$staged'" EXIT
  ! grep -q ssl_reject_handshake "$staged" || check_version
  if stock; then rm -f "$copy/sites-enabled/default"; fi
  cp "$staged" "$copy/sites-enabled/$name"
  nginx_test "$copy" ||
    fail "another default server is configured above; set nginx.refuseUnknownHosts to false to leave it in charge"
  if stock; then
    install -D /dev/null /var/lib/django-server/default-put-aside
    rm -f /etc/nginx/sites-enabled/default
  fi
  mv -f "$staged" "$available"
  ln -sfn "../sites-available/$name" "/etc/nginx/sites-enabled/$name"
  nginx_reload || fail "nginx does not start; its last lines are above"
}

main "$@"
