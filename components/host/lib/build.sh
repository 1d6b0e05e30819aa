# shellcheck shell=bash disable=SC2154 # site, id and fact are the caller's
# The app's own build commands, in the facts build_1, build_2, …
readonly build_seconds=900

# Runs them one after the other in the release's project folder, with the app's environment; what they print goes to a
# log. What npm and the like keep for the next time lies outside the release.
run_build() {
  local log=/var/log/$site/build.log index command status left
  local -r deadline=$((SECONDS + build_seconds))
  : >"$log"
  for ((index = 1; ; index++)); do
    command=${fact[build_$index]-}
    [ -n "$command" ] || return 0
    printf '$ %s\n' "$command" >>"$log"
    left=$((deadline - SECONDS)) status=0
    timeout --kill-after=10 $((left > 0 ? left : 1)) "${as_release[@]}" env "HOME=/var/cache/django-server-$site" \
      bash -eo pipefail -c "$command" >>"$log" 2>&1 </dev/null || status=$?
    [ "$status" != 0 ] || continue
    last_lines "$log"
    [ "$status" != 124 ] || fail "the build took more than $build_seconds s, in: $command; the running release is untouched"
    fail "a build command ended with status $status: $command; the running release is untouched"
  done
}
