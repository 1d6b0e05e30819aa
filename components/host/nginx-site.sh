#!/usr/bin/env bash
# nginx-site SITE HOST PATH STATUS : standard input as the site's server, tested before it is live and asked for PATH
# after; when that fails, the old one comes back.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/nginx.sh"
. "${0%/*}/lib/probe.sh"

# nginx names a line of the whole file; a person knows the lines of the snippet.
name_snippet_line() {
  local line first
  line=$(grep -o "sites-enabled/$site:[0-9]*" <<<"$1" | head -n 1 | cut -d: -f2) || return 0
  first=$(grep -n '# snippet: begin$' "$staged" | cut -d: -f1) || return 0
  if [ "$line" -gt "$first" ]; then
    printf 'line %s of nginx.snippet: %s\n' "$((line - first))" "$(sed -n "${line}p" "$staged")" >&2
  fi
}

put_back() {
  if [ -s "$old" ]; then cp -p "$old" "$available"; else rm -f "$available" "$enabled"; fi
  nginx_reload || true
}

main() {
  site=${1:?site}
  local host=${2:?host} path=${3:?path} status=${4:?status} copy report
  available=/etc/nginx/sites-available/$site enabled=/etc/nginx/sites-enabled/$site
  lock nginx
  refuse_foreign "$available"
  copy=$(nginx_copy) || fail "/etc/nginx cannot be copied to be tested; the live configuration is untouched"
  old=$(mktemp)
  staged=$(stage "$available")
  # shellcheck disable=SC2064
  trap "rm -rf '$copy' '$old' '$staged'" EXIT
  [ ! -e "$available" ] || cp -p "$available" "$old"
  cp "$staged" "$copy/sites-enabled/$site"
  if ! report=$(nginx_test "$copy" 2>&1); then
    printf '%s\n' "$report" >&2
    name_snippet_line "$report"
    fail "nginx refuses this configuration; the live one is untouched"
  fi
  mv -f "$staged" "$available"
  ln -sfn "../sites-available/$site" "$enabled"
  nginx_reload || { put_back && fail "nginx did not take this configuration; the old one is back"; }
  probe "$site through nginx" "$status" 10 false --header "Host: $host" "http://127.0.0.1$path" ||
    { put_back && fail "the site does not answer through nginx; the old configuration is back"; }
}

main "$@"
