#!/usr/bin/env bash
# network-remove MACHINE STACK : the machine reaches the world by itself again, unless another stack has it do otherwise.
# On any machine but the one that it was placed on, this does nothing.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/network.sh"

main() {
  [ "$(cat /opt/django-server/machine-id)" = "${1:?machine id}" ] || return 0
  lock network
  rm -f "$network_users/${2:?stack}"
  if [ -n "$(ls "$network_users" 2>/dev/null)" ]; then
    printf 'other stacks have network settings for this server: they stay\n'
    return
  fi
  remove_network
}

main "$@"
