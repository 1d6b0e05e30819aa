#!/usr/bin/env bash
# drop-in UNIT : standard input as a drop-in of a systemd unit.
. "${0%/*}/lib/common.sh"

main() {
  local unit=${1:?unit} folder staged
  folder=/etc/systemd/system/$unit.d
  lock systemd
  mkdir -p "$folder"
  staged=$(stage "$folder/django-server.conf")
  mv -f "$staged" "$folder/django-server.conf"
  systemctl daemon-reload
  systemctl --quiet is-enabled "$unit" || quietly systemctl enable "$unit"
  systemctl start "$unit"
}

main "$@"
