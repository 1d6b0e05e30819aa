# shellcheck shell=bash
# One of nginx's files for a site.

# nginx names a line of the whole file; a person knows the lines of the snippet.
name_snippet_line() {
  local report=$1 file=$2 staged=$3 line first
  line=$(grep -o "sites-enabled/$file:[0-9]*" <<<"$report" | head -n 1 | cut -d: -f2) || return 0
  first=$(grep -n '# snippet: begin$' "$staged" | cut -d: -f1) || return 0
  if [ "$line" -gt "$first" ]; then
    printf 'line %s of nginx.snippet: %s\n' "$((line - first))" "$(sed -n "${line}p" "$staged")" >&2
  fi
}

put_back() {
  local old=$1 available=$2 enabled=$3
  if [ -s "$old" ]; then cp -p "$old" "$available"; else rm -f "$available" "$enabled"; fi
  nginx_reload || true
}

# place_server FILE QUESTION... : standard input as a file of nginx's, tested before it is live; QUESTION, a command, asks
# it after. When that fails, the old one comes back.
place_server() {
  local file=$1 copy report old staged available=/etc/nginx/sites-available/$1 enabled=/etc/nginx/sites-enabled/$1
  shift
  refuse_foreign "$available"
  copy=$(nginx_copy) || fail "/etc/nginx cannot be copied to be tested; the live configuration is untouched"
  old=$(mktemp)
  staged=$(stage "$available")
  # shellcheck disable=SC2064
  trap "rm -rf '$copy' '$old' '$staged'" EXIT
  [ ! -e "$available" ] || cp -p "$available" "$old"
  cp "$staged" "$copy/sites-enabled/$file"
  if ! report=$(nginx_test "$copy" 2>&1); then
    printf '%s\n' "$report" >&2
    name_snippet_line "$report" "$file" "$staged"
    fail "nginx refuses this configuration; the live one is untouched"
  fi
  mv -f "$staged" "$available"
  ln -sfn "../sites-available/$file" "$enabled"
  nginx_reload || { put_back "$old" "$available" "$enabled" && fail "nginx did not take this configuration; the old one is back"; }
  "$@" || { put_back "$old" "$available" "$enabled" && fail "the site does not answer through nginx; the old configuration is back"; }
}
