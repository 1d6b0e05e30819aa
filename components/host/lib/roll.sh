# shellcheck shell=bash disable=SC2154 # site and fact are the caller's
# Replaces the instances of one site, `site`, as its facts, `fact`, say. An instance is known by its program's number; there
# is one program more than instances that serve, so that a new one starts before an old one ends.

# Those that were started in this run: and answered well since, in the order of their links; and not yet.
fresh=()
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

is_fresh() { [[ " ${fresh[*]} " == *" $1 "* ]]; }

# What can be started anew now: programs that serve nobody, the free one among them, and as many of those in service as
# leave half of the instances to serve.
next_wave() {
  local name listed serving=() needed=$((fact[instances] - ${#fresh[@]})) spared
  listed=$(in_service)
  wave=()
  for name in $(seq 0 "${fact[instances]}"); do
    is_fresh "$name" && continue
    if [ -z "${unhealthy[$name]-}" ] && grep -qxF "$name" <<<"$listed"; then serving+=("$name"); else wave+=("$name"); fi
  done
  wave=("${wave[@]:0:needed}")
  spared=$(($(grep -c . <<<"$listed" || true) - (fact[instances] + 1) / 2))
  # WebSockets are not closed for a release that may be bad: the free program shows first that it is not.
  [ "${fact[interface]-}" != asgi ] || [ "${#fresh[@]}" -gt 0 ] || [ "${#wave[@]}" -eq 0 ] || spared=0
  for name in "${serving[@]}"; do
    ((spared > 0 && ${#wave[@]} < needed)) || break
    wave+=("$name") spared=$((spared - 1))
  done
}

start_instance() {
  local name=$1 program=$site-gunicorn-$1
  # What a failed release left hanging has no visitors to wait for.
  if [ -n "${unhealthy[$name]-}" ]; then kill_program "$program"; else end_instance "$name" && await_end "$program"; fi
  unhealthy[$name]=yes
  start_program "$program"
}

end_instance() {
  take_out_of_service "$1" "${fact[graceful_timeout]}"
  stop_program "$site-gunicorn-$1"
}

put_in_service() {
  local name=$1 program=$site-gunicorn-$1 asked=$SECONDS
  probe "$program" "${fact[health_status]}" "${fact[health_timeout]}" has_stopped \
    --unix-socket "/run/$site/gunicorn-$name.sock" --header "Host: ${fact[host]}" \
    --header "X-Forwarded-Proto: ${fact[scheme]-http}" \
    --header 'X-Forwarded-For: 127.0.0.1' --header 'X-Real-IP: 127.0.0.1' \
    "http://localhost${fact[health_path]}" >/dev/null || {
    tell_log "/var/log/$site/gunicorn-$name.log" without_halt
    return 1
  }
  upstream_link "${#fresh[@]}" "$name"
  fresh+=("$name")
  unset "unhealthy[$name]"
}

# Ends what was started in vain. Instances that have served since the last activation that ended well, on whose settings
# they run, need no other in their place.
keep_old() {
  local name link since
  for name in "${!unhealthy[@]}"; do kill_program "$site-gunicorn-$name"; done
  since=$(stat --format %Y "/etc/django-server/$site/healthy/facts")
  fresh=()
  for link in "/run/$site"/upstream-*.sock; do
    name=$(readlink "$link")
    name=${name#gunicorn-} name=${name%.sock}
    if listens "$name" && ! is_fresh "$name" && [ "${#fresh[@]}" -lt "${fact[instances]}" ] &&
      [ "$(program_member "$site-gunicorn-$name" start)" -le "$since" ]; then
      upstream_link "${#fresh[@]}" "$name"
      fresh+=("$name")
    fi
  done
}

# The old instances serve until as many new ones have proved healthy.
roll() {
  local name wave
  supervisor_reread
  while [ "${#fresh[@]}" -lt "${fact[instances]}" ]; do
    next_wave
    for name in "${wave[@]}"; do start_instance "$name" || return 1; done
    for name in "${wave[@]}"; do put_in_service "$name" || return 1; done
  done
  ask_through_nginx >/dev/null
}

# Ends the instances of before, and takes from supervisor what the settings no longer have; tells of the new ones.
retire_others() {
  local program state description name
  while read -r program state description; do
    name=${program##*-}
    if is_fresh "$name"; then
      # Healthy within `startsecs`, an instance is still STARTING in supervisor's eyes.
      printf '%s answers; supervisor: %s %s\n' "$program" "$state" "$description"
      continue
    fi
    [[ $state == STOPPED ]] || end_instance "$name"
    if [ "$name" -gt "${fact[instances]}" ]; then
      await_end "$program"
      rpc removeProcessGroup "$program" >/dev/null || true
    fi
  done < <(site_programs "$site")
  # After a first deploy, so that supervisor has no news to tell an administrator.
  rpc addProcessGroup "$site-gunicorn-${fact[instances]}" >/dev/null || true
}
