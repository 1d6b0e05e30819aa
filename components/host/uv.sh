#!/usr/bin/env bash
# uv VERSION : uv in /opt/django-server/uv-VERSION, fetched by Debian's pip; its pinned hashes come on standard input.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/packages.sh"
. "${0%/*}/lib/index.sh"

# pip is a wheel that runs from where it lies. It is only looked into, not installed, so as not to wait for apt, which
# installs the servers meanwhile; Debian 11's works installed only.
provide_pip() {
  refresh_lists
  if (cd "$work" && apt-get -q -o Acquire::Retries=3 download python3-pip-whl && dpkg-deb -x python3-pip-whl_*.deb .) \
    >/dev/null 2>&1 </dev/null; then
    wheels=("$work"/usr/share/python-wheels/pip-*.whl)
  else
    install_packages 'python3-pip-whl|python-pip-whl'
    wheels=(/usr/share/python-wheels/pip-*.whl)
  fi
}

main() {
  local version=${1:?version} target wheels work
  target=/opt/django-server/uv-$version
  lock uv
  [ ! -x "$target/bin/uv" ] || return 0
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  cat >"$work/requirements.txt"
  { installed python3 && installed ca-certificates; } || install_packages python3 ca-certificates
  wheels=(/usr/share/python-wheels/pip-*.whl)
  [ -e "${wheels[0]}" ] || provide_pip
  rm -rf "$target.partial"
  quietly python3 "${wheels[0]}/pip" --no-cache-dir --no-input --disable-pip-version-check --cert "$SSL_CERT_FILE" install \
    --quiet --no-deps --require-hashes --no-compile --target "$target.partial" --requirement "$work/requirements.txt" ||
    fail "fetching uv $version failed; $(index_hint)"
  mv -T "$target.partial" "$target"
}

main "$@"
