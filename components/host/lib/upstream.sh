# shellcheck shell=bash disable=SC2154 # site is the caller's
# nginx's upstream of one site, `site`. nginx reaches its instances by /run/SITE/upstream-0.sock, …, as many links as
# instances are to serve; each leads to the socket of one, gunicorn-NAME.sock, and an instance with a link is in service.
upstream_link() {
  ln -sfn "gunicorn-$2.sock" "/run/$site/upstream-$1.new"
  mv -fT "/run/$site/upstream-$1.new" "/run/$site/upstream-$1.sock"
}

# The kernel's table tells who listens (flags 00010000), and which connections to it wait in its queue (02) or are open (03).
listens() { grep -q " 00010000 0001 01 .* /run/$site/gunicorn-$1\.sock\$" /proc/net/unix; }
has_connections() { grep -q " 00000000 0001 0[23] .* /run/$site/gunicorn-$1\.sock\$" /proc/net/unix; }

# The names of the instances in service.
in_service() {
  local link name
  for link in "/run/$site"/upstream-*.sock; do
    name=$(readlink "$link") || continue
    name=${name#gunicorn-} name=${name%.sock}
    ! listens "$name" || printf '%s\n' "$name"
  done | sort -nu
}

# From here on nginx connects to another instance; gunicorn.conf.py asks it to leave the connections it has, and the idle
# ones it closes by itself. So none is in use when the instance stops, unless a request lasts longer than SECONDS.
take_out_of_service() {
  local name=$1 seconds=$2 stand_in link deadline
  stand_in=$(in_service | grep -vxF -m 1 "$name") || return 0
  for link in "/run/$site"/upstream-*.sock; do
    [ "$(readlink "$link")" != "gunicorn-$name.sock" ] || {
      link=${link##*/upstream-}
      upstream_link "${link%.sock}" "$stand_in"
    }
  done
  deadline=$((SECONDS + seconds))
  sleep 0.05
  while has_connections "$name" && [ "$SECONDS" -lt "$deadline" ]; do sleep 0.05; done
}
