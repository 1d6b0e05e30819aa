# shellcheck shell=bash
# The machine's one cluster of PostgreSQL, which Debian's tools call VERSION/main, its settings in /etc/postgresql and its
# data in /var/lib/postgresql; and in it the sites' databases, each with a role, both named as their site.
readonly of_this_program='Made by django-server'

# Its version, or nothing where there is none. Of several, as an upgrade of the system leaves them, ours is meant.
cluster_version() {
  local all=(/etc/postgresql/*/main/postgresql.conf) ours=(/etc/postgresql/*/main/conf.d/django-server.conf)
  [ -e "${all[0]}" ] || return 0
  [ ! -e "${ours[0]}" ] || all=("${ours[@]}")
  [ "${#all[@]}" -eq 1 ] || fail "there are several clusters of PostgreSQL on this machine: ${all[*]}; keep one: pg_dropcluster"
  all[0]=${all[0]#/etc/postgresql/}
  printf '%s\n' "${all[0]%%/*}"
}

# Finds the cluster and sees to it that it runs; false where there is none.
reach_cluster() {
  version=$(cluster_version)
  [ -n "$version" ] || return 1
  port=$(pg_conftool -s "$version" main show port)
  systemctl --quiet is-active "postgresql@$version-main" || quietly systemctl start "postgresql@$version-main" || true
  pg_isready --quiet --port "$port" --timeout 60 || {
    tail -n 15 "/var/log/postgresql/postgresql-$version-main.log" | cut -c1-400 >&2
    fail "PostgreSQL does not answer; its last lines are above"
  }
}

# sql [OPTION…] DATABASE : SQL from standard input, as the superuser, whom its socket lets in; rows without ornaments.
sql() {
  (
    cd /
    setpriv --reuid postgres --regid postgres --init-groups \
      psql --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --port "$port" "$@"
  )
}

# Drops a site's database and role, if it was this program that made them.
drop_database() {
  rm -f "/etc/django-server/$1/services/postgresql"
  reach_cluster || return 0
  quietly_sql --set site="$1" --set comment="$of_this_program" postgres <<'END' || fail "the database of $1 could not be dropped"
SELECT format('DROP DATABASE %I WITH (FORCE)', datname) FROM pg_database JOIN pg_roles ON datdba = pg_roles.oid
  WHERE datname = :'site' AND rolname = :'site' AND shobj_description(datdba, 'pg_authid') = :'comment' \gexec
SELECT format('DROP ROLE %I', rolname) FROM pg_roles
  WHERE rolname = :'site' AND shobj_description(oid, 'pg_authid') = :'comment' \gexec
END
}

# When it fails, its last lines say why.
quietly_sql() {
  local report
  report=$(sql "$@" 2>&1) || { tail -n 10 <<<"$report" | cut -c1-400 >&2 && return 1; }
}
