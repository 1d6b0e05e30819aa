#!/usr/bin/env bash
# site-file SITE NAME [MODE OWNER:GROUP] : standard input as a file in /etc/django-server/SITE/next, which the site's user
# may read unless told otherwise. It takes effect when the site is activated. Prints a fingerprint that tells nothing about
# the content.
. "${0%/*}/lib/common.sh"

main() {
  local site=${1:?site} name=${2:?name} folder staged
  folder=/etc/django-server/$site/next
  lock "site-$site"
  staged=$(stage "$folder/$name" "${3:-0640}" "${4:-root:$site}")
  mv -f "$staged" "$folder/$name"
  cat "$folder/../salt" "$folder/$name" | sha256sum | cut -c1-16
}

main "$@"
