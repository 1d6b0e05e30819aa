#!/usr/bin/env bash
# uv VERSION : uv in /opt/django-server/uv-VERSION, fetched by Debian's pip; its pinned hashes come on standard input.
. "${0%/*}/lib/common.sh"

main() {
  local version=${1:?version} target wheels pip
  target=/opt/django-server/uv-$version
  lock uv
  [ ! -x "$target/bin/uv" ] || return 0
  wheels=(/usr/share/python-wheels/pip-*.whl)
  pip=${wheels[0]}/pip
  cat >"$target.requirements"
  rm -rf "$target.partial"
  quietly python3 "$pip" --no-cache-dir --disable-pip-version-check --cert "$SSL_CERT_FILE" install \
    --quiet --no-deps --require-hashes --no-compile --target "$target.partial" --requirement "$target.requirements" ||
    fail "fetching uv $version failed; is the Python package index reachable from this machine?"
  mv -T "$target.partial" "$target"
  rm -f "$target.requirements"
}

main "$@"
