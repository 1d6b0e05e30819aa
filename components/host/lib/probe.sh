# shellcheck shell=bash
# Asks over HTTP until the answer's status lies in a range.
# probe WHAT LOW-HIGH SECONDS GIVE_UP CURL_ARGUMENT...; GIVE_UP is a command that is true when waiting is in vain.
probe() {
  local what=$1 range=$2 deadline=$((SECONDS + $3)) give_up=$4 body status
  shift 4
  body=$(mktemp)
  while :; do
    status=$(curl --silent --show-error --globoff --noproxy '*' --max-time 5 --output "$body" \
      --write-out '%{http_code}' "$@" 2>"$body.error") || true
    if [ "$((10#${status:-0}))" -ge "${range%-*}" ] && [ "$((10#${status:-0}))" -le "${range#*-}" ]; then
      rm -f "$body" "$body.error"
      printf '%s answers %s\n' "$what" "$status"
      return 0
    fi
    if [ "$SECONDS" -ge "$deadline" ] || { [ "$status" = 000 ] && $give_up; }; then break; fi
    sleep 0.1
  done
  {
    if [ "$status" = 000 ]; then
      printf '%s does not answer: %s\n' "$what" "$(head -n 1 "$body.error")"
    else
      printf '%s answers %s, expected %s; its answer begins:\n' "$what" "$status" "$range"
      head -c 600 "$body" | tr -d '\0' | sed 's/^/  /'
      printf '\n'
      [ "$status" != 400 ] || printf 'Django answers 400 to hosts that ALLOWED_HOSTS does not name: is it read from the environment?\n'
    fi
  } >&2
  rm -f "$body" "$body.error"
  return 1
}
