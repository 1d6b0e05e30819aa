# shellcheck shell=bash disable=SC2154 # site is the caller's
# nginx's upstream of one site, `site`. nginx reaches instance NAME (0, 1, …, standby) by /run/SITE/upstream-NAME.sock, a
# link to the socket of whoever answers for it: its own, or another's while it restarts.
upstream_link() {
  ln -sfn "gunicorn-$2.sock" "/run/$site/upstream-$1.new"
  mv -fT "/run/$site/upstream-$1.new" "/run/$site/upstream-$1.sock"
}

# The kernel's table tells who listens (flags 00010000), and which connections to it wait in its queue (02) or are open (03).
listens() { grep -q " 00010000 0001 01 .* /run/$site/gunicorn-$1\.sock\$" /proc/net/unix; }
has_connections() { grep -q " 00000000 0001 0[23] .* /run/$site/gunicorn-$1\.sock\$" /proc/net/unix; }

in_service() { [ "$(readlink "/run/$site/upstream-$1.sock")" = "gunicorn-$1.sock" ] && listens "$1"; }

other_in_service() {
  local link name
  for link in "/run/$site"/upstream-*.sock; do
    name=${link##*/upstream-} name=${name%.sock}
    if [ "$name" != "$1" ] && in_service "$name"; then printf '%s\n' "$name" && return; fi
  done
  return 1
}

# From here on nginx connects to the stand-in; gunicorn.conf.py asks it to leave the connections it has, and the idle
# ones it closes by itself. So none is in use when the instance stops, unless a request lasts longer than SECONDS.
take_out_of_service() {
  local stand_in link deadline=$((SECONDS + $2))
  stand_in=$(other_in_service "$1") || return 0
  for link in "/run/$site"/upstream-*.sock; do
    [ "$(readlink "$link")" != "gunicorn-$1.sock" ] || {
      link=${link##*/upstream-}
      upstream_link "${link%.sock}" "$stand_in"
    }
  done
  sleep 0.05
  while has_connections "$1" && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.05; done
}

# An instance that nginx cannot reach yet stays so until it is healthy.
keep_out_of_service() { [ -L "/run/$site/upstream-$1.sock" ] || upstream_link "$1" none; }
