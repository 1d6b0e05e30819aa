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

# The workers that take connections, not those that end.
nginx_workers() {
  local master worker workers
  master=$(cat /run/nginx.pid) || return 0
  # The list ends without a newline.
  read -ra workers <"/proc/$master/task/$master/children" || true
  for worker in "${workers[@]}"; do
    [ "$(tr -d '\0' <"/proc/$worker/cmdline")" != 'nginx: worker process' ] || printf '%s\n' "$worker"
  done 2>/dev/null
}

# nginx takes a new configuration by itself after the signal, or keeps the old one: it has when no old worker is left.
nginx_reload() {
  local old deadline=$((SECONDS + 10))
  if systemctl --quiet is-active nginx; then
    old=$(nginx_workers)
    if systemctl reload nginx; then
      # grep -q would end before it has read all, and fail the pipe.
      while [ -n "$old" ] && nginx_workers | grep -xF "$old" >/dev/null; do
        [ "$SECONDS" -lt "$deadline" ] || { tail -n 5 /var/log/nginx/error.log >&2 && return 1; }
        sleep 0.02
      done
      return
    fi
  elif systemctl restart nginx; then
    return
  fi
  journalctl --unit nginx --lines 10 --no-pager --output cat >&2
  return 1
}
