# shellcheck shell=bash disable=SC2154 # site, setting and notes are the caller's
# One consistent snapshot of a site, `site`, in each of its repositories; what comes of it is noted in $notes/run.

as_app() {
  setpriv --reuid "$site" --regid "$site" --init-groups "${setting[exec]}" "$site" python "${setting[databases]}" "$@" </dev/null
}

megabytes() { numfmt --to=si --suffix=B "${1:-0}"; }

# A disk that backups have filled would stop the site.
require_space() {
  local folder=$1 needed=$2 size left
  read -r size left < <(df --block-size=1 --output=size,avail "$folder" | tail -n 1)
  [ $((left - needed)) -ge $((size / 20)) ] ||
    fail "the disk of $folder has $(megabytes "$left") free, too little for $(megabytes "$needed") more and a rest of 5 %"
}

# PostgreSQL's own programs, where the app has such a database and its server is elsewhere.
provide_clients() {
  ! command -v pg_dump >/dev/null || return 0
  as_app vendors | grep -qx postgresql || return 0
  install_packages postgresql-client
}

# The databases first: each file that they name is there when files are copied after them.
stage_data() {
  rm -rf "$staged"
  install -d -m 0750 -o root -g "$site" "$staged"
  install -d -m 0700 -o "$site" -g "$site" "$staged/databases"
  require_space "$staged" 0
  provide_clients
  heard "a database could not be copied" as_app dump "$staged/databases" "$@"
  cp -p "/etc/django-server/$site/generated" "$staged/generated"
}

# Of restic's lines of JSON: every tenth, for people; and the last, the summary, on standard output.
progress() {
  awk '
    /"message_type":"status"/ {
      done = match($0, /"percent_done":[0-9.]+/) ? int(substr($0, RSTART + 15, RLENGTH - 15) * 10) : 0
      if (done > shown) { shown = done; print "  " done "0 %" >"/dev/stderr" }
      next
    }
    /"message_type":"summary"/'
}

member() { sed -nE 's/.*"'"$2"'":"?([0-9a-f]+).*/\1/p' <<<"$1"; }

# A file that is deleted while it is copied makes restic end with 3.
copy_to() {
  local place=$1 tag=$2 try status
  for try in first second; do
    status=0
    in_place "$place" backup --json --host "$site" --tag "$tag" --time "$moment" --exclude "/srv/$site/shared/.cache" \
      --exclude-file "$staged/databases/live-files" "$staged" "/srv/$site/shared" 2>"$said" </dev/null | progress || status=$?
    if [ "$status" != 3 ] || [ "$try" = second ]; then break; fi
  done
  cat "$said" >&2
  return "$status"
}

store() {
  local place=$1 tag=$2 summary id size said first=0
  said=$notes/said-$place
  open_repository "$place"
  if [ "$place" = disk ]; then
    [ -n "$(ls "${setting[folder]}/repository/snapshots")" ] || first=$(du -sb "/srv/$site/shared" | cut -f 1)
    require_space "${setting[folder]}" $((first + $(du -sb "$staged" | cut -f 1)))
  fi
  summary=$(copy_to "$place" "$tag") || fail "copying to $place failed: $(tail -n 1 "$said")"
  id=$(member "$summary" snapshot_id) size=$(member "$summary" total_bytes_processed)
  printf '%s: snapshot %s, %s, %s of it new\n' "$place" "${id:0:8}" "$(megabytes "$size")" \
    "$(megabytes "$(member "$summary" data_added)")"
  printf '%s %s %s\n' "$place" "${id:0:8}" "$size" >>"$notes/run"
}

# back_up TAG [present] : a place that fails keeps no other from its snapshot; `failed` names those that do.
back_up() {
  local tag=$1 place job
  shift
  # One moment for all: snapshots of the same data.
  moment=$(date '+%F %T') staged=/srv/$site/backup failed=
  : >"$notes/run"
  stage_data "$@"
  for place in $(places); do
    # A job of its own, so that an error ends it and nothing else.
    (store "$place" "$tag") &
    job=$!
    wait "$job" || failed+="${failed:+ and }$place"
  done
  rm -rf "$staged" "$notes"/said-*
}
