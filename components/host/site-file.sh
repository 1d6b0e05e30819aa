#!/usr/bin/env bash
# site-file SITE PATH [MODE OWNER:GROUP] : standard input as a file in /etc/django-server/SITE, which the site's user may
# read unless told otherwise; one in next/ takes effect when the site is activated. Prints a fingerprint that tells nothing
# about the content.
. "${0%/*}/lib/common.sh"

main() {
  local site=${1:?site} home=/etc/django-server/$1 file=/etc/django-server/$1/${2:?path} staged
  lock "site-$site"
  [ -d "${file%/*}" ] || install -d -m 0700 "${file%/*}"
  staged=$(stage "$file" "${3:-0640}" "${4:-root:$site}")
  mv -f "$staged" "$file"
  cat "$home/salt" "$file" | sha256sum | cut -c1-16
}

main "$@"
