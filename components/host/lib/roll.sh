# shellcheck shell=bash disable=SC2154 # site and fact are the caller's
# Restarts the instances of one site, `site`, as its facts, `fact`, say; none that serves before another can stand in.

# Instances that were started and have not answered well since.
declare -A unhealthy=()

# A program that supervisor has given up, or is about to start for another time, will not answer soon.
has_stopped() {
  [ "$SECONDS" -gt "$asked" ] || return 1
  asked=$SECONDS
  [[ "$(program_state "$program")" =~ BACKOFF|FATAL|EXITED|STOPPED ]]
}

# gunicorn's own traceback when it gives up would push the app's out of sight, which says why.
without_halt() {
  awk '/^Traceback/ { held = ""; inside = 1 }
    !inside && NF && !/^During handling of the above/
    inside { held = held $0 "\n" }
    inside && /^[^ T]/ { inside = 0; if (!/HaltServer/) printf "%s", held }'
}

# A new domain reaches nginx in the step after this one, which asks through nginx as well.
nginx_knows_host() { grep -Eqs "^ *server_name ([^;]* )?${fact[host]//./\\.}[ ;]" "/etc/nginx/sites-enabled/$site"; }

# What must be restarted. A lone instance is joined by the standby one for as long as it restarts.
restarted() {
  seq 0 $((fact[instances] - 1))
  [ "${fact[instances]}" -gt 1 ] || ! in_service 0 || other_in_service 0 >/dev/null || echo standby
}

start_instance() {
  local name=$1 program=$site-gunicorn-$1
  keep_out_of_service "$name"
  # What a failed release left hanging has no visitors to wait for.
  if [ -n "${unhealthy[$name]-}" ]; then program kill "$program" || true; else take_out_of_service "$name" "${fact[graceful_timeout]}"; fi
  unhealthy[$name]=yes
  program restart "$program"
}

put_in_service() {
  local name=$1 log=/var/log/$site/gunicorn-$1.log program=$site-gunicorn-$1 asked=$SECONDS
  probe "$program" "${fact[health_status]}" "${fact[health_timeout]}" has_stopped \
    --unix-socket "/run/$site/gunicorn-$name.sock" --header "Host: ${fact[host]}" \
    "http://localhost${fact[health_path]}" >/dev/null || {
    printf 'the last lines of %s:\n' "$log" >&2
    tail -n 80 "$log" | without_halt | tail -n 15 | cut -c1-400 | sed 's/^/  /' >&2
    return 1
  }
  upstream_link "$name" "$name"
  unset "unhealthy[$name]"
}

# Those that serve nobody may start together; they stand in for the others, which follow one by one.
roll() {
  local name idle=() serving=()
  supervisor_reread
  for name in $(restarted); do if in_service "$name"; then serving+=("$name"); else idle+=("$name"); fi; done
  for name in "${idle[@]}"; do start_instance "$name" || return 1; done
  for name in "${idle[@]}"; do put_in_service "$name" || return 1; done
  for name in "${serving[@]}"; do
    start_instance "$name" || return 1
    put_in_service "$name" || return 1
  done
  ! nginx_knows_host ||
    probe "$site through nginx" "${fact[health_status]}" 10 false \
      --header "Host: ${fact[host]}" "http://127.0.0.1${fact[health_path]}" >/dev/null
}

# Ends the standby instance, and those that the settings no longer have, as nginx may still know them; tells of the
# others, which are healthy.
drop_surplus() {
  local program state name
  while read -r program state; do
    name=${program##*-}
    if [[ $name =~ ^[0-9]+$ ]] && [ "$name" -lt "${fact[instances]}" ]; then
      # Healthy within `startsecs`, an instance is still STARTING in supervisor's eyes.
      printf '%s answers; supervisor: %s\n' "$program" "$state"
    else
      take_out_of_service "$name" "${fact[graceful_timeout]}"
      program stop "$program"
    fi
  done < <(site_programs "$site")
}
