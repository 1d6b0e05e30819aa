#!/usr/bin/env bash
# wheels ID : unpacks an uploaded archive of wheels to /opt/django-server/wheels-ID, which /opt/django-server/wheels
# leads to; facts on standard input, one `NAME VALUE` a line. Those that are there already are left as they are.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/network.sh"
. "${0%/*}/lib/uploads.sh"

main() {
  local id=${1:?id} uploaded folder
  declare -A fact
  read_values fact
  lock wheels
  folder=$wheels-$id
  [ "$(readlink "$wheels")" != "${folder##*/}" ] || return 0
  uploaded=$(upload_path "${fact[archive]}")
  check_upload "$uploaded" "${fact[sha256]}"
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
