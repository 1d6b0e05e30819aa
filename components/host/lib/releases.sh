# shellcheck shell=bash disable=SC2154 # site is the caller's
# The releases of one site: /srv/SITE/releases/ID with `record`, what it is and how it is run; `.complete`, as old as the
# release; `.active`, as old as its last time in service, if it has ever served.

# SECONDS ID of those that have served, the last one first.
served_releases() {
  find "/srv/$site/releases" -mindepth 2 -maxdepth 2 -name .active -printf '%T@ %P\n' | sort -rn | sed 's#/.active$##'
}

# What a person chooses from: the one that serves, then the last one that served.
print_releases() {
  local id release state
  { basename "$(readlink "/srv/$site/current")" && served_releases | cut -d ' ' -f 2 && ls "/srv/$site/releases"; } |
    awk '!seen[$0]++' | while read -r id; do
    release=/srv/$site/releases/$id
    [ -e "$release/.complete" ] || continue
    state="last active $(date -u -r "$release/.active" '+%Y-%m-%d %H:%M UTC' 2>/dev/null)" || state='never active'
    [ "$release" != "$(readlink -f "/srv/$site/current")" ] || state=active
    printf '%s, %s, %s\n' "$id" "$state" "$(sed -n 's/^origin //p' "$release/record")"
  done
}

require_release() {
  local kept
  [ ! -e "/srv/$site/releases/$1/.complete" ] || return 0
  kept=$(print_releases)
  [ -n "$kept" ] || fail "release $1 is not on this machine, which keeps none of $site; remove app.release"
  printf '%s\n' "$kept" >&2
  fail "release $1 is not kept on this machine; those above are: set app.release to one of them, or remove it"
}

# A release that is half gone must not look like one that is there.
remove_release() {
  rm -f "${1:?}/.complete"
  rm -rf "${1:?}"
}

# Removes all but release ID, what serves, and those that served last: COUNT with ID; then the virtual environments and
# archives that no release needs.
prune_releases() {
  local id=$1 count=$2 archive=$3 needed folder
  needed=$(
    printf '%s\n' "$id" "$(basename "$(readlink "/srv/$site/current")")" "$(basename "$(readlink "/srv/$site/previous")")" \
      "$(cat "/etc/django-server/$site/healthy/release" 2>/dev/null)"
    served_releases | awk -v id="$id" -v count="$count" '$2 != id && --count > 0 { print $2 }'
  )
  for folder in "/srv/$site/releases"/*; do
    grep -qxF "${folder##*/}" <<<"$needed" || remove_release "$folder"
  done
  # ID-PYTHON, and the files that it was made from.
  needed=$({ readlink "/srv/$site/releases"/*/venv || true; } | sed 's#.*/##; p; s/-[^-]*$/.source/')
  for folder in "/srv/$site/venvs"/*; do
    grep -qxF "${folder##*/}" <<<"$needed" || rm -rf "${folder:?}"
  done
  # ID.tar.gz, of releases that could not be built.
  rm -f "/srv/$site"/*.tar.gz "${archive%-*-*}"-????????????-????.tar.gz
}
