# shellcheck shell=bash
# Debian packages. A name may be written new|old where releases of Debian differ; the first that exists is taken.
readonly state=/var/lib/django-server

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Where the network settings have packages come from.
given_mirror() { awk '/^deb / { print " " $3; exit }' /etc/django-server/network.list 2>/dev/null || true; }

# Brings the package lists up to date, once an hour. apt's own lock wait does not cover them.
refresh_lists() {
  (
    lock package-lists
    mkdir -p "$state"
    [ -z "$(find "$state/apt-updated" -mmin -60 2>/dev/null)" ] || exit 0
    local deadline=$((SECONDS + 300)) log
    log=$(mktemp)
    until apt-get -q update -o Acquire::Languages=none -o Acquire::Retries=3 >"$log" 2>&1 </dev/null; do
      if ! grep -q 'Could not get lock' "$log" || [ "$SECONDS" -ge "$deadline" ]; then
        tail -n 10 "$log" | without_credentials >&2
        fail "apt-get update failed; is the package mirror$(given_mirror) reachable from this machine$(by_proxy)?"
      fi
      sleep 2
    done
    rm -f "$log"
    touch "$state/apt-updated"
  )
}

# Switched off while it installed, dpkg wants to end that before anything else; until then apt refuses all. While another
# program installs, it looks the same.
resume() {
  local deadline=$((SECONDS + 300))
  while [ -n "$(ls /var/lib/dpkg/updates)" ] && ! quietly dpkg --force-confdef --force-confold --configure -a; do
    [ "$SECONDS" -lt "$deadline" ] || fail "an installation of packages was cut off, and dpkg cannot end it"
    sleep 2
  done
}

# Cut off while it was unpacked, a package is not whole, and dpkg will not configure it.
half_unpacked() { dpkg-query -W -f '${db:Status-Eflag} ${binary:Package}\n' | sed -n 's/^reinstreq //p'; }

pick() {
  local name
  for name in ${1//|/ }; do
    # A single name goes to apt unasked, which says itself when there is no such package.
    if [ "$name" = "$1" ] || apt-cache show "$name" >/dev/null 2>&1; then printf '%s\n' "$name" && return; fi
  done
  fail "none of the packages $1 exists for this system"
}

# Installs what is not there yet, without recommended packages.
install_packages() {
  local wanted=() names=() again=() before after name
  lock packages
  for name in "$@"; do installed "${name%%|*}" || wanted+=("$name"); done
  [ "${#wanted[@]}" -gt 0 ] || return 0
  refresh_lists
  for name in "${wanted[@]}"; do
    name=$(pick "$name")
    names+=("$name")
  done
  resume
  mapfile -t again < <(half_unpacked)
  [ "${#again[@]}" -eq 0 ] || again=(--reinstall "${again[@]}")
  # Kept until what was added is noted, so that an installation that was cut off is noted by the next.
  before=$state/packages.before after=$(mktemp)
  [ -s "$before" ] || { dpkg-query -W -f '${Package}\n' | sort >"$before.new" && mv "$before.new" "$before"; }
  quietly apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 --no-install-recommends install "${names[@]}" "${again[@]}" ||
    fail "installing ${names[*]} failed"
  dpkg-query -W -f '${Package}\n' | sort >"$after"
  # What this program added, for the day it is taken off the machine again.
  comm -13 "$before" "$after" >>"$state/packages"
  rm -f "$before" "$after"
}
