#!/usr/bin/env bash
# release SITE ID : unpacks an uploaded archive to /srv/SITE/releases/ID and makes it ready beside the running one.
# Facts on standard input, one `NAME VALUE` a line. A release that is complete is left as it is.
. "${0%/*}/lib/common.sh"

readonly keep=5

# The upload lies in the home of the user who logs in until it is taken and its sum compared.
take_archive() {
  local uploaded=$1 kept=$2
  if [ -f "$uploaded" ]; then install -m 0600 -o root -g root "$uploaded" "$kept"; fi
  [ -f "$kept" ] || fail "the uploaded archive $uploaded is gone; upload it again with: pulumi up --replace URN_OF_UPLOAD"
  [ "$(sha256sum "$kept" | cut -d' ' -f1)" = "${fact[sha256]}" ] || fail "the uploaded archive is damaged; run the deploy again"
}

make_ready() {
  local release=$1 shared=/srv/$site/shared
  # Packages of the app run here: as the site's user, who owns the release until it is ready.
  chown -R -h "$site:$site" "$release"
  RELEASE=releases/$id setpriv --reuid "$site" --regid "$site" --init-groups \
    "${fact[exec]}" "$site" python "${fact[prepare]}" "$release" "$shared" "${fact[static_url]}" "${fact[media_url]}" \
    >"$log" 2>&1 </dev/null || {
    tail -n 25 "$log" | cut -c1-400 >&2
    fail "release $id does not pass its checks; the running release is untouched"
  }
  chown -R -h "root:$site" "$release"
  chmod -R u=rwX,g=rX,o= "$release/app"
  chmod -R u=rwX,go=rX "$release/static"
}

# Keeps the newest releases, and those in use, and the virtual environments they use.
prune() {
  local folder
  find "/srv/$site/releases" -mindepth 1 -maxdepth 1 -printf '%T@ %p\n' | sort -rn | tail -n +$((keep + 1)) |
    while read -r _ folder; do
      case "$folder" in
        "$(readlink -f "/srv/$site/current")" | "/srv/$site/releases/$(cat "/etc/django-server/$site/healthy/release")") ;;
        *) rm -rf "${folder:?}" ;;
      esac
    done
  for folder in "/srv/$site/venvs"/*; do
    readlink "/srv/$site/releases/"*/venv | grep -qxF "$folder" || rm -rf "${folder:?}"
  done
}

main() {
  site=${1:?site} id=${2:?release}
  local release=/srv/$site/releases/$id kept=/srv/$site/$id.tar.gz uploaded name value
  declare -A fact
  while read -r name value; do fact[$name]=$value; done
  uploaded=$(getent passwd "${SUDO_USER:-root}" | cut -d: -f6)/${fact[archive]}
  log=/var/log/$site/release.log
  lock "site-$site"
  if [ -e "$release/.complete" ]; then
    touch "$release"
    rm -f "$uploaded"
    return
  fi
  take_archive "$uploaded" "$kept"
  # shellcheck disable=SC2064
  trap "rm -rf '$release.partial'; [ -e '$release/.complete' ] || rm -rf '$release'" EXIT
  rm -rf "$release" "$release.partial"
  mkdir -p "$release.partial/app"
  tar -xzf "$kept" -C "$release.partial/app" --no-same-owner || fail "unpacking failed; is the disk full?"
  ln -s "/srv/$site/venvs/${fact[venv]}" "$release.partial/venv"
  ln -s "app/${fact[root]-}" "$release.partial/project"
  chmod 0755 "$release.partial"
  mv -T "$release.partial" "$release"
  make_ready "$release"
  touch "$release/.complete"
  rm -f "$kept" "$uploaded"
  prune
}

main "$@"
