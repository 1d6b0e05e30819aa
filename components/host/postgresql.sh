#!/usr/bin/env bash
# postgresql : the distribution's PostgreSQL with one cluster, which is fitted to this machine's memory and cores. Standard
# input: the gunicorn of each site that uses it, a line `SITE INSTANCES WORKERS THREADS`. A cluster that was there before
# stays as it is. Prints the sums of the files it made.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/packages.sh"
. "${0%/*}/lib/postgresql.sh"
. "${0%/*}/lib/tuning.sh"

# Debian would make a cluster by itself, and where that fails drop the data that it found in its place.
readonly no_cluster=/etc/postgresql-common/createcluster.d/django-server.conf
readonly half_made=/var/lib/django-server/half-made-cluster

# Data of another PostgreSQL than this system's, on a volume from another machine, is neither used nor touched.
refuse_other_data() {
  local data found offered
  offered=$(apt-cache depends postgresql | sed -n 's/^ *Depends: postgresql-\([0-9][0-9]*\)$/\1/p')
  for data in /var/lib/postgresql/*/main; do
    found=$(cat "$data/PG_VERSION" 2>/dev/null) || continue
    [ "$found" = "$offered" ] || [ -x "/usr/lib/postgresql/$found/bin/postgres" ] ||
      fail "$data holds data of PostgreSQL $found, and this system brings PostgreSQL $offered; nothing was changed: go back to the system before, dump the databases there, and restore them here"
    [ -e "/etc/postgresql/$found/main/postgresql.conf" ] ||
      fail "$data holds data of PostgreSQL that nothing in /etc/postgresql belongs to; nothing was changed: bring its settings back, or move it away"
  done
}

# A volume with the data may have come here from another machine, on which the user postgres had other numbers. The folder
# that tells them is given to the user last.
take_over() {
  local data=/var/lib/postgresql/$version/main
  [ "$(stat --format %U:%G "$data")" != postgres:postgres ] || return 0
  chown postgres:postgres /var/lib/postgresql "/var/lib/postgresql/$version" /etc/postgresql
  chown -R --no-dereference postgres:postgres "/etc/postgresql/$version"
  find "$data" -mindepth 1 -exec chown --no-dereference postgres:postgres {} +
  chown postgres:postgres "$data"
}

drop_half_made() {
  local begun
  [ -s "$half_made" ] || return 0
  begun=$(<"$half_made")
  rm -rf "/etc/postgresql/${begun:?}/main" "/var/lib/postgresql/${begun:?}/main"
  rm -f "$half_made"
}

make_cluster() {
  version=$(find /usr/lib/postgresql -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -V | tail -n 1)
  printf '%s\n' "$version" >"$half_made"
  quietly pg_createcluster --encoding UTF8 --locale C.UTF-8 "$version" main || fail "the cluster of PostgreSQL could not be made"
}

drop_in() {
  cat <<'END'
# Placed by django-server.
[Unit]
Before=supervisor.service
StartLimitIntervalSec=0

[Service]
Restart=on-failure
RestartSec=1s
END
}

# What PostgreSQL would say of the settings as they stand in its files: what is wrong, and what only a restart changes.
unsettled() { sql postgres <<<'SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL'; }

put_back() {
  cp -p "$1" "$settings"
  systemctl restart "postgresql@$version-main" || true
}

settle() {
  local staged old
  settings=/etc/postgresql/$version/main/conf.d/django-server.conf
  unit=/etc/systemd/system/postgresql@$version-main.service.d/django-server.conf
  install -D -m 0644 <(drop_in) "$unit"
  old=$(mktemp)
  [ ! -e "$settings" ] || cp -p "$settings" "$old"
  staged=$(tuned | stage "$settings")
  mv -f "$staged" "$settings"
  rm -f "$half_made"
  systemctl daemon-reload
  reach_cluster
  if ! cmp -s "$settings" "$old"; then systemctl reload "postgresql@$version-main"; fi
  if [ "$(unsettled)" != 0 ]; then
    systemctl restart "postgresql@$version-main" || true
    if ! pg_isready --quiet --port "$port" --timeout 30 || [ "$(unsettled)" != 0 ]; then
      put_back "$old"
      fail "PostgreSQL does not take its settings; those before are back"
    fi
  fi
  rm -f "$old"
}

main() {
  local version port settings unit
  lock postgresql
  mkdir -p "$state"
  drop_half_made
  refresh_lists
  refuse_other_data
  if [ -z "$(cluster_version)" ]; then install -D -m 0644 <(printf '# Placed by django-server.\ncreate_main_cluster = false\n') "$no_cluster"; fi
  install_packages postgresql
  version=$(cluster_version)
  [ -n "$version" ] || make_cluster
  take_over
  # Another's cluster has settings of its own.
  if [ -s "$half_made" ] || [ -e "/etc/postgresql/$version/main/conf.d/django-server.conf" ]; then
    settle
    sha256sum "$settings" "$unit"
  else
    reach_cluster
  fi
}

main "$@"
