# shellcheck shell=bash disable=SC2154 # site is the caller's
# What backups and restores of one site, `site`, have in common: they take turns, and a log tells what they do, also when
# the connection breaks that they were asked for by.

# begin backup|restore [SECONDS] : SECONDS to wait for another one; `npm run status` looks at the lock for a moment.
begin() {
  local descriptor
  notes=/var/lib/django-server/backup/$site
  [ -d "$notes" ] || fail "no backups of $site are set up on this machine"
  mkdir -p /run/lock/django-server
  exec {descriptor}>"/run/lock/django-server/backup-$site.lock"
  flock -w "${2:-3}" "$descriptor" || fail "a backup or restore of $site is at work already"
  exec > >(tee --output-error=warn-nopipe "/var/log/$site/$1.log") 2>&1
  logger=$!
  trap end_log EXIT
  read_backup_settings
}

# systemd takes what is still there after the script for left behind: where cgroups are of version 1, it never hears that it
# ended, and the backup has failed with a timeout.
end_log() {
  exec >&- 2>&-
  wait "$logger" || true
}

# As every step's, and the reason is kept.
fail() {
  [ ! -d "${notes-}" ] || printf '%s\n' "$1" | cut -c1-400 >"$notes/reason"
  printf '%s: %s\n' "$step" "$1" >&2
  exit 1
}

# heard REASON COMMAND... : shows what a command says; if it fails, its last line says why.
heard() {
  local reason=$1 output status=0
  output=$(mktemp)
  shift
  "$@" >"$output" 2>&1 || status=$?
  cut -c1-400 "$output"
  reason+=": $(tail -n 1 "$output")"
  rm -f "$output"
  [ "$status" = 0 ] || fail "$reason"
}
