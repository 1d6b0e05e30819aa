#!/usr/bin/env bash
# wheels ID : unpacks an uploaded archive of wheels to /opt/django-server/wheels-ID, which /opt/django-server/wheels
# leads to; facts on standard input, one `NAME VALUE` a line. Those that are there already are left as they are.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/network.sh"

main() {
  local id=${1:?id} name value uploaded folder
  declare -A fact
  while read -r name value; do fact[$name]=$value; done
  lock wheels
  folder=$wheels-$id
  [ "$(readlink "$wheels")" != "${folder##*/}" ] || return 0
  uploaded=$(getent passwd "${SUDO_USER:-root}" | cut -d: -f6)/${fact[archive]}
  [ -f "$uploaded" ] || fail "the uploaded archive $uploaded is gone; upload it again with: pulumi up --replace URN_OF_UPLOAD"
  [ "$(sha256sum "$uploaded" | cut -d' ' -f1)" = "${fact[sha256]}" ] || fail "the uploaded archive is damaged; run the deploy again"
  rm -rf "$folder"
  mkdir "$folder"
  tar -xzf "$uploaded" -C "$folder" --no-same-owner || {
    rm -rf "$folder"
    fail "unpacking the wheels failed; is the disk full?"
  }
  ln -sfn "${folder##*/}" "$wheels.new"
  mv -fT "$wheels.new" "$wheels"
  find "${wheels%/*}" -maxdepth 1 -name "${wheels##*/}-*" ! -path "$folder" -exec rm -rf {} +
  rm -f "$uploaded"
}

main "$@"
