# shellcheck shell=bash
# Tests nginx's whole configuration with changes that are not live yet, in a copy of /etc/nginx.
# nginx_copy prints the copy's folder; change it, then nginx_test COPY.
nginx_copy() {
  local copy
  copy=$(mktemp -d /run/django-server-nginx.XXXXXX)
  cp -rL /etc/nginx/. "$copy" || { rm -rf "$copy" && return 1; }
  printf '%s\n' "$copy"
}

nginx_test() {
  local copy=$1 report
  find "$copy" -type f -exec sed -i "s#/etc/nginx/#$copy/#g" {} +
  if ! report=$(nginx -t -c "$copy/nginx.conf" 2>&1); then
    grep -v 'test failed$' <<<"${report//$copy\//\/etc\/nginx\/}" >&2
    return 1
  fi
}

nginx_reload() {
  if systemctl --quiet is-active nginx; then systemctl reload nginx; else systemctl restart nginx; fi && return
  journalctl --unit nginx --lines 10 --no-pager --output cat >&2
  return 1
}
