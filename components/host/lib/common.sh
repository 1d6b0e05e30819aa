# shellcheck shell=bash
# What every host script starts with.
set -euo pipefail
umask 022
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
export SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt

# By what the machine reaches the world, where that is not simply the internet: curl, apt, pip, uv and what they start
# go by it. The second file, for root alone, says the same with credentials.
use_network() {
  local file
  set -o allexport
  for file in /etc/django-server/network.env /etc/django-server/network.secrets; do
    # shellcheck source=/dev/null
    [ ! -r "$file" ] || . "$file"
  done
  set +o allexport
}
use_network

step=${0##*/}
step=${step%@*}

# A step that hangs (a dead mirror, a prompt) ends by itself; one cut off from SSH goes on to its end.
# The command plugin now and then fails a step that ends without having read all of its input: it is read here.
if [ -z "${DJANGO_SERVER_STEP-}" ]; then
  input=$(mktemp /run/django-server-input.XXXXXX)
  cat >"$input"
  exec <"$input"
  rm -f "$input"
  DJANGO_SERVER_STEP=$step exec timeout --kill-after=10 1200 "$0" "$@"
fi

# The one line a person reads first; what led to it was printed before.
fail() {
  printf '%s: %s\n' "$step" "$1" >&2
  exit 1
}

# Steps that touch the same thing run one after the other, another stack's steps included.
lock() {
  local descriptor
  mkdir -p /run/lock/django-server
  exec {descriptor}>"/run/lock/django-server/$1.lock"
  flock -w 600 "$descriptor" || fail "another deploy has been busy with $1 for 600 s; try again when it is done"
}

# Credentials in URLs do not leave the machine with a message.
without_credentials() { sed -E 's#(://)[^/@[:space:]]*@#\1#g'; }

# For the message of a step that asked for something in vain.
by_proxy() { [ -z "${https_proxy-}" ] || printf ' by the proxy %s' "$https_proxy" | without_credentials; }

# Runs a command quietly; when it fails, its last lines say why.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 25 "$log" | without_credentials | cut -c1-400 >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# read_values ARRAY : `NAME VALUE` lines of standard input, into the caller's associative array of that name.
read_values() {
  local -n values=$1
  local name value
  # shellcheck disable=SC2034 # the caller reads it
  while read -r name value; do values["$name"]=$value; done
}

# A file that somebody else put there is theirs.
refuse_foreign() {
  [ ! -e "$1" ] || grep -q 'Placed by django-server' "$1" ||
    fail "$1 exists and was not placed by django-server; move it away, or choose another site name"
}

# Stages standard input beside the file it will replace, and prints the staged file's name.
stage() {
  rm -f -- "$1".staged.*
  local staged
  staged=$(mktemp "$1.staged.XXXXXX")
  # Inside a substitution bash goes on after an error: half a file must not pass for a whole one.
  cat >"$staged" || { rm -f "$staged" && fail "$1 could not be written; is the disk full?"; }
  chmod "${2:-0644}" "$staged"
  chown "${3:-root:root}" "$staged"
  printf '%s\n' "$staged"
}
