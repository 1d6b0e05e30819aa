# shellcheck shell=bash
set -euo pipefail
umask 022

# The systems whose packages and paths this program knows.
check_system() {
  local ID=unknown VERSION_ID=0 PRETTY_NAME='an unknown system'
  # shellcheck source=/dev/null
  [ ! -r /etc/os-release ] || . /etc/os-release
  local major=${VERSION_ID%%.*}
  case "$ID" in
    debian) [ "$major" -ge 11 ] && return ;;
    ubuntu) [ "$major" -ge 22 ] && return ;;
  esac
  printf 'this machine runs %s; needed: Debian 11 or newer, or Ubuntu 22.04 or newer\n' "$PRETTY_NAME" >&2
  exit 1
}
