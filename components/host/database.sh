#!/usr/bin/env bash
# database SITE [EXTENSION…] : the site's database with its role, both of the site's name, and a password that is made here
# and stays here. What the app needs to know goes to /etc/django-server/SITE/services/postgresql. Prints a fingerprint of
# it that tells nothing about the content.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/postgresql.sh"

# What PostgreSQL keeps of a password, so that it never sees, and never logs, the password itself.
verifier() {
  # shellcheck disable=SC2016 # $ is the format's
  /usr/bin/python3 -c '
import base64, hashlib, hmac, os, sys
salt = os.urandom(16)
salted = hashlib.pbkdf2_hmac("sha256", sys.stdin.buffer.read(), salt, 4096)
client, server = (hmac.new(salted, name, "sha256").digest() for name in (b"Client Key", b"Server Key"))
parts = (salt, hashlib.sha256(client).digest(), server)
print("SCRAM-SHA-256$4096:%s$%s:%s" % tuple(base64.b64encode(part).decode() for part in parts))'
}

refuse_foreign_database() {
  local found
  found=$(
    sql --set site="$site" --set comment="$of_this_program" postgres <<'END'
SELECT 1 FROM pg_roles WHERE rolname = :'site' AND shobj_description(oid, 'pg_authid') IS DISTINCT FROM :'comment'
UNION SELECT 1 FROM pg_database WHERE datname = :'site' AND pg_get_userbyid(datdba) <> :'site'
END
  )
  [ -z "$found" ] || fail "PostgreSQL has a database or a role $site already that is not this site's; choose another site name"
}

# The role is made and marked as ours in one step; the database is ours by its owner. Text is sorted by code points: that is the same on every system, so that no
# index is broken by another one's idea of an alphabet.
make_database() {
  quietly_sql --set site="$site" --set comment="$of_this_program" postgres <<'END' || fail "the database $site could not be made"
BEGIN;
SELECT format('CREATE ROLE %I LOGIN', :'site') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'site') \gexec
COMMENT ON ROLE :"site" IS :'comment';
COMMIT;
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LC_COLLATE ''C.UTF-8'' LC_CTYPE ''C.UTF-8''', :'site', :'site')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'site') \gexec
REVOKE ALL ON DATABASE :"site" FROM PUBLIC;
END
}

logs_in() {
  PGPASSWORD=$password psql --no-psqlrc --quiet --host 127.0.0.1 --port "$port" --username "$site" --dbname "$site" \
    --command '' >/dev/null 2>&1 </dev/null
}

set_password() {
  quietly_sql --set site="$site" postgres <<<"ALTER ROLE :\"site\" LOGIN PASSWORD '$(printf %s "$password" | verifier)'" ||
    fail "the password of $site could not be set"
}

values() {
  cat <<END
# Placed by django-server. Made on this machine, which alone knows the password.
DATABASE_URL='postgresql://$site:$password@127.0.0.1:$port/$site'
POSTGRES_HOST='127.0.0.1'
POSTGRES_PORT='$port'
POSTGRES_DB='$site'
POSTGRES_USER='$site'
POSTGRES_PASSWORD='$password'
PGHOST='127.0.0.1'
PGPORT='$port'
PGDATABASE='$site'
PGUSER='$site'
PGPASSWORD='$password'
END
}

main() {
  site=${1:?site}
  local settings=/etc/django-server/$site file staged password extension version port
  file=$settings/services/postgresql
  shift
  lock postgresql
  reach_cluster || fail "there is no cluster of PostgreSQL on this machine"
  install -d -m 0750 -o root -g "$site" "$settings/services"
  [ -e "$file" ] || refuse_foreign_database
  make_database
  password=$(sed -n "s/^POSTGRES_PASSWORD='\(.*\)'$/\1/p" "$file" 2>/dev/null) || true
  [ -n "$password" ] || password=$(head -c 30 /dev/urandom | base64 | tr '+/' '-_')
  staged=$(values | stage "$file" 0640 "root:$site")
  mv -f "$staged" "$file"
  logs_in || { set_password && logs_in; } || fail "PostgreSQL does not let the role $site in on 127.0.0.1; look at its pg_hba.conf"
  for extension in "$@"; do
    quietly_sql --set extension="$extension" "$site" <<<'CREATE EXTENSION IF NOT EXISTS :"extension"' ||
      fail "the extension $extension could not be made; does a package of site.packages bring it?"
  done
  cat "$settings/salt" "$file" | sha256sum | cut -c1-16
}

main "$@"
