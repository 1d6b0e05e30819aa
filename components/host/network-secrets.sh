#!/usr/bin/env bash
# network-secrets : the credentials for it, from standard input, each file after a line `==> NAME <==`: network.secrets
# and apt-auth, for root alone. What is not among them goes. Prints sums of them that tell nothing about the content.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/files.sh"
. "${0%/*}/lib/network.sh"

main() {
  local work file
  lock network
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  unpack_files "$work"
  install -d -m 0755 /etc/django-server
  place_or_remove "$work/network.secrets" "$network_secrets" 0600
  place_or_remove "$work/apt-auth" "$apt_auth" 0600
  for file in "$network_secrets" "$apt_auth"; do
    # The machine's own key is there to salt it, and nobody else may read it.
    [ ! -e "$file" ] || printf '%s %s\n' "$(cat /etc/ssh/ssh_host_ed25519_key "$file" | sha256sum | cut -c1-16)" "$file"
  done
}

main "$@"
