#!/usr/bin/env bash
# redis SITE MEMORY : the site's own Redis with standard input as its settings; MEMORY in MiB, or auto. Its port on the
# loopback interface and its password are made here and stay here: what the app needs to know goes to
# /etc/django-server/SITE/services/redis. Prints a fingerprint of it that tells nothing about the content, and the sum of the
# drop-in it made.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/packages.sh"

# Debian's package starts an instance of its own, on port 6379; one that was there before is somebody's.
install_redis() {
  install_packages redis-server
  if grep -qxF redis-server "$state/packages" 2>/dev/null && systemctl --quiet is-enabled redis-server.service; then
    quietly systemctl disable --now redis-server.service
  fi
}

known() { sed -n "s/^$1='\(.*\)'$/\1/p" "$file" 2>/dev/null || true; }

# Neither in use nor another site's.
is_free() {
  local users
  users=$(grep -lsxF "REDIS_PORT='$1'" /etc/django-server/*/services/redis || true)
  [ "${users:-$file}" = "$file" ] && ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

choose_port() {
  local port
  port=$(known REDIS_PORT)
  if [ -n "$port" ] && { systemctl --quiet is-active "redis-server@$site" || is_free "$port"; }; then
    printf '%s\n' "$port"
    return
  fi
  for ((port = 6380; port < 6480; port++)); do
    if is_free "$port"; then printf '%s\n' "$port" && return; fi
  done
  fail "no port from 6380 to 6479 is free on this machine"
}

# A sixteenth of the machine's: to write its file anew, Redis may need as much again.
megabytes() {
  [ "$1" = auto ] || { printf '%s\n' "$1" && return; }
  awk '/^MemTotal:/ { part = int($2 / 16384); print (part < 64 ? 64 : part > 1024 ? 1024 : part) }' /proc/meminfo
}

values() {
  cat <<END
# Placed by django-server. Made on this machine, which alone knows the password.
REDIS_URL='redis://:$password@127.0.0.1:$port/0'
REDIS_HOST='127.0.0.1'
REDIS_PORT='$port'
REDIS_PASSWORD='$password'
CACHE_URL='redis://:$password@127.0.0.1:$port/1'
CELERY_BROKER_URL='redis://:$password@127.0.0.1:$port/2'
END
}

drop_in() {
  cat <<'END'
# Placed by django-server.
[Unit]
Before=supervisor.service
RequiresMountsFor=/var/lib/redis/%i
StartLimitIntervalSec=0

[Service]
RestartSec=1s
END
}

answers() {
  local deadline=$((SECONDS + 60))
  until [ "$(REDISCLI_AUTH=$password redis-cli -h 127.0.0.1 -p "$port" PING 2>/dev/null </dev/null)" = PONG ]; do
    [ "$SECONDS" -lt "$deadline" ] && systemctl --quiet is-active "redis-server@$site" || return 1
    sleep 0.1
  done
}

# What runs was started with these settings: its runtime folder, which systemd removes with it, says so.
start_instance() {
  local sums loaded=/run/redis-$site/django-server
  sums=$(sha256sum "$settings" "${settings%.conf}-machine.conf")
  quietly systemctl enable "redis-server@$site"
  if systemctl --quiet is-active "redis-server@$site" && [ "$(cat "$loaded" 2>/dev/null)" = "$sums" ]; then return; fi
  if ! { quietly systemctl restart "redis-server@$site" && answers; }; then
    tail -n 15 "/var/log/redis/redis-server-$site.log" | cut -c1-400 >&2
    fail "the Redis of $site does not start; its last lines are above"
  fi
  printf '%s\n' "$sums" >"$loaded"
}

main() {
  site=${1:?site}
  local memory=${2:?memory} settings=/etc/redis/redis-$site.conf data=/var/lib/redis/$site file port password staged unit
  file=/etc/django-server/$site/services/redis unit=/etc/systemd/system/redis-server@$site.service.d/django-server.conf
  lock redis
  install_redis
  refuse_foreign "$settings"
  install -d -m 0750 -o root -g "$site" "${file%/*}"
  password=$(known REDIS_PASSWORD)
  [ -n "$password" ] || password=$(head -c 30 /dev/urandom | base64 | tr '+/' '-_')
  port=$(choose_port)
  staged=$(values | stage "$file" 0640 "root:$site")
  mv -f "$staged" "$file"
  # A volume with the data may have come from another machine, on which the user redis had other numbers.
  install -d -m 0750 -o redis -g redis "$data"
  find "$data" ! -user redis -exec chown --no-dereference redis:redis {} +
  staged=$(stage "$settings" 0640 root:redis)
  mv -f "$staged" "$settings"
  staged=$(printf '%s\n' '# Placed by django-server. Made on this machine.' "port $port" "requirepass $password" "maxmemory $(megabytes "$memory")mb" |
    stage "${settings%.conf}-machine.conf" 0640 root:redis)
  mv -f "$staged" "${settings%.conf}-machine.conf"
  install -D -m 0644 <(drop_in) "$unit"
  systemctl daemon-reload
  start_instance
  cat "/etc/django-server/$site/salt" "$file" | sha256sum | cut -c1-16
  sha256sum "$unit"
}

main "$@"
