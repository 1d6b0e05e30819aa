# shellcheck shell=bash
# The packages that hold data which stays. Purged, they take all of it with them: that of sites which kept theirs, and what
# others put there.
keeping() {
  if [ -n "$(find /etc/django-server/*/services -name postgresql 2>/dev/null)" ] || has_databases; then
    printf 'postgresql\n'
  fi
  if [ -n "$(find /var/lib/redis -mindepth 1 -maxdepth 1 -type d ! -name 'appendonly*' 2>/dev/null)" ]; then
    printf 'redis-server\n'
  fi
}

# Of a cluster that does not answer nothing is known: it may hold any.
has_databases() {
  local clusters=(/etc/postgresql/*/*/postgresql.conf) version port count
  [ -e "${clusters[0]}" ] || return 1
  [ "${#clusters[@]}" -eq 1 ] || return 0
  count=$(reach_cluster && sql postgres <<<"SELECT count(*) FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'") || return 0
  [ "$count" != 0 ]
}

# The packages of standard input with all that they depend on.
with_dependencies() {
  xargs --no-run-if-empty apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts \
    --no-breaks --no-replaces --no-enhances | grep -E '^[a-z0-9]' | cut -d: -f1 | sort -u
}
