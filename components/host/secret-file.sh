#!/usr/bin/env bash
# secret-file SITE NAME : standard input as a file in /etc/django-server/SITE that root alone may read. Prints a
# fingerprint that tells nothing about the content.
. "${0%/*}/lib/common.sh"

main() {
  local site=${1:?site} name=${2:?name} home staged
  home=/etc/django-server/$site
  lock "site-$site"
  install -d -m 0700 "$(dirname "$home/$name")"
  staged=$(stage "$home/$name" 0600)
  mv -f "$staged" "$home/$name"
  cat "$home/salt" "$home/$name" | sha256sum | cut -c1-16
}

main "$@"
