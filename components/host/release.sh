#!/usr/bin/env bash
# release SITE ID : unpacks an uploaded archive to /srv/SITE/releases/ID, builds it and makes it ready beside the running
# one; then old releases go. Facts on standard input, one `NAME VALUE` a line; without any, the release has to be there.
# A complete one is left as it is.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/uploads.sh"
. "${0%/*}/lib/releases.sh"
. "${0%/*}/lib/venv.sh"
. "${0%/*}/lib/secrets.sh"
. "${0%/*}/lib/build.sh"

take_archive() {
  local uploaded=$1 kept=$2
  if [ -f "$uploaded" ]; then install -m 0600 -o root -g root "$uploaded" "$kept"; fi
  check_upload "$kept" "${fact[sha256]}"
}

unpack() {
  local partial=$1 kept=$2
  rm -rf "$partial"
  mkdir -p "$partial/app"
  tar -xzf "$kept" -C "$partial/app" --no-same-owner || fail "unpacking failed; is the disk full?"
  ln -s "app/${fact[root]}" "$partial/project"
  # What site-exec runs it by, whatever the settings say by then; the last line is for people.
  printf '%s\n' "settings ${fact[settings]}" "${fact[interface]} ${fact[application]}" "origin ${fact[origin]}" >"$partial/record"
  chmod 0755 "$partial"
}

# The system's Python may have become another one since the dependencies were installed.
link_venv() {
  local venv
  venv=$(venv_path "${fact[venv]}")
  venv_works "$venv" || "${fact[dependencies]}" "$site" "${fact[venv]}" </dev/null
  ln -sfn "$venv" "$1/venv.new"
  mv -fT "$1/venv.new" "$1/venv"
}

make_ready() {
  local release=$1 shared=/srv/$site/shared log=/var/log/$site/release.log
  local -a persistent as_release=(env "RELEASE=releases/$id" setpriv --reuid "$site" --regid "$site" --init-groups "${fact[exec]}" "$site")
  # Packages of the app run here: as the site's user, who owns the release until it is ready.
  chown -R -h "$site:$site" "$release"
  run_build
  read -ra persistent <<<"${fact[persistent]}"
  "${as_release[@]}" python "${fact[prepare]}" "$release" "$shared" "${fact[static_url]}" "${fact[media_url]}" \
    "${persistent[@]}" >"$log" 2>&1 </dev/null || {
    last_lines "$log"
    fail "release $id does not pass its checks; the running release is untouched"
  }
  # What `check --deploy` warns of refuses nothing, but is shown.
  grep -E '^[^ ]+: \([A-Za-z0-9_.]+\.W[0-9]+\) ' "$log" | without_secrets | cut -c1-300 || true
  chown -R -h "root:$site" "$release"
  chmod -R u=rwX,g=rX,o= "$release/app"
  chmod -R u=rwX,go=rX "$release/static"
  touch "$release/.complete"
}

main() {
  site=${1:?site} id=${2:?release}
  local release=/srv/$site/releases/$id kept=/srv/$site/$id.tar.gz uploaded
  declare -A fact
  read_values fact
  lock "site-$site"
  if [ -z "${fact[archive]-}" ]; then require_release "$id" && return; fi
  uploaded=$(upload_path "${fact[archive]}")
  if [ -e "$release/.complete" ]; then
    link_venv "$release"
  else
    take_archive "$uploaded" "$kept"
    # shellcheck disable=SC2064
    trap "rm -rf '$release.partial'; [ -e '$release/.complete' ] || rm -rf '$release'" EXIT
    unpack "$release.partial" "$kept"
    link_venv "$release.partial"
    rm -rf "$release"
    mv -T "$release.partial" "$release"
    make_ready "$release"
  fi
  prune_releases "$id" "${fact[releases]}" "$uploaded"
}

main "$@"
