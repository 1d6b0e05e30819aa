# shellcheck shell=bash
# Where the machine keeps by what it reaches the world. lib/common.sh reads the first two.
readonly network_environment=/etc/django-server/network.env network_secrets=/etc/django-server/network.secrets
readonly apt_list=/etc/django-server/network.list apt_settings=/etc/apt/apt.conf.d/90django-server
# A file for each stack that has such settings.
readonly network_users=/var/lib/django-server/network
readonly apt_auth=/etc/apt/auth.conf.d/90django-server.conf
# certbot renews certificates by a timer of its own.
readonly renewal_drop_in=/etc/systemd/system/certbot.service.d/django-server.conf
readonly authorities=/usr/local/share/ca-certificates wheels=/opt/django-server/wheels

# A file that is to be there with the content of another one, or is not to be there, if that one is empty or missing.
place_or_remove() {
  local wanted=$1 target=$2 staged
  if [ -s "$wanted" ]; then
    mkdir -p "${target%/*}"
    staged=$(stage "$target" "${3:-0644}" <"$wanted")
    mv -f "$staged" "$target"
  else
    rm -f "$target"
  fi
}

# Makes those certificates of a folder the only ones that this program has the machine trust. Where ca-certificates is
# missing, its installation takes them in.
trust_only() {
  local file name
  local -a how=()
  for file in "$1"/*.crt; do
    [ -e "$file" ] || break
    place_or_remove "$file" "$authorities/django-server-${file##*/}"
  done
  for file in "$authorities"/django-server-*.crt; do
    name=${file##*/django-server-}
    [ -e "$1/$name" ] || rm -f "$file"
  done
  # Only so does it clear what it once made for a certificate that is gone.
  [ -z "$(find -L /etc/ssl/certs -maxdepth 1 -type l -name 'django-server-*' 2>/dev/null)" ] || how=(--fresh)
  ! command -v update-ca-certificates >/dev/null || quietly update-ca-certificates "${how[@]}" ||
    fail "the certificates of network.caCertificates could not be added to those that the machine trusts"
}

# The machine reaches the world by itself again.
remove_network() {
  local none
  none=$(mktemp -d)
  rm -f "$network_environment" "$network_secrets" "$apt_list" "$apt_settings" "$apt_auth" /var/lib/django-server/apt-updated
  rm -rf "$network_users" "$wheels" "$wheels"-*
  rm -f "$renewal_drop_in"
  rmdir "${renewal_drop_in%/*}" 2>/dev/null || true
  trust_only "$none"
  rmdir "$none"
  # It may be a volume's.
  rmdir /etc/django-server 2>/dev/null || true
}
