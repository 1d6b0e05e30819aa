#!/usr/bin/env bash
# network STACK : by what the machine reaches the world, from standard input, each file after a line `==> NAME <==`:
# network.env, apt.conf, mirrors, and the certificates, FINGERPRINT.crt. What is not among them goes. Prints the sums of
# what it made.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/files.sh"
. "${0%/*}/lib/network.sh"

# The distribution's archive, signed by its own keys, from another address. `mirrors` is `archive URL` and, perhaps,
# `security URL`.
sources() {
  local ID VERSION_CODENAME name url archive security
  # shellcheck source=/dev/null
  . /etc/os-release
  while read -r name url; do
    case $name in
      archive) archive=${url%/} ;;
      security) security=${url%/} ;;
    esac
  done
  local parts=main keys=/usr/share/keyrings/debian-archive-keyring.gpg
  if [ "$ID" = ubuntu ]; then
    parts='main universe' keys=/usr/share/keyrings/ubuntu-archive-keyring.gpg
    : "${security:=$archive}"
  fi
  : "${security:=$archive-security}"
  printf '# Placed by django-server.\n'
  printf 'deb [signed-by=%s] %s %s %s\n' \
    "$keys" "$archive" "$VERSION_CODENAME" "$parts" \
    "$keys" "$archive" "$VERSION_CODENAME-updates" "$parts" \
    "$keys" "$security" "$VERSION_CODENAME-security" "$parts"
}

renewal_settings() {
  printf '# Placed by django-server.\n[Service]\n'
  printf 'EnvironmentFile=-%s\n' "$network_environment" "$network_secrets"
}

main() {
  local stack=${1:?stack} work file
  lock network
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  unpack_files "$work"
  if [ -e "$work/mirrors" ]; then sources <"$work/mirrors" >"$work/apt.list"; fi
  install -D /dev/null "$network_users/$stack"
  # Other sources have other lists.
  rm -f /var/lib/django-server/apt-updated
  place_or_remove "$work/apt.list" "$apt_list"
  place_or_remove "$work/apt.conf" "$apt_settings"
  place_or_remove "$work/network.env" "$network_environment"
  grep -q '^PIP_NO_INDEX=' "$network_environment" 2>/dev/null || rm -rf "$wheels" "$wheels"-*
  renewal_settings >"$work/renewal.conf"
  place_or_remove "$work/renewal.conf" "$renewal_drop_in"
  systemctl daemon-reload
  trust_only "$work"
  for file in "$apt_list" "$apt_settings" "$network_environment" "$renewal_drop_in" "$authorities"/django-server-*.crt; do
    [ ! -e "$file" ] || sha256sum "$file"
  done
}

main "$@"
