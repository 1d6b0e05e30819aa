# shellcheck shell=bash disable=SC2154 # site, release, fact and facts are the caller's, fact by name
# The settings of one site, `site`: those in force in /etc/django-server/SITE, those placed beside them in next/, and
# in healthy/ those that served when an activation last ended well, with the name of their release and its facts.
# While there is a file `unfinished`, no record tells what those in force lead to.

# Facts on standard input: they tell as well which files there are.
read_facts() {
  fact=() facts=$(cat)
  read_values fact <<<"$facts"
  settings_files=(environment secrets gunicorn.conf.py program.conf)
  # Few sites have these. next/ may still hold those of a time when this one had.
  [ -z "${fact[processes]-}" ] || settings_files+=(processes.conf)
  [ -z "${fact[timers]-}" ] || settings_files+=(timers)
}

# Puts a set of settings in force, each file in one rename; supervisor gets its part.
put_settings() {
  local from=$1 name folder=/etc/django-server/$site program_file=/etc/supervisor/conf.d/$site
  touch "$folder/unfinished"
  # A disk that is full must not leave some of one set and some of another.
  for name in "${settings_files[@]}"; do cp -p "$from/$name" "$folder/$name.new"; done
  install -m 0644 "$from/program.conf" "$program_file-gunicorn.conf.new"
  [ -z "${fact[processes]-}" ] || install -m 0644 "$from/processes.conf" "$program_file-processes.conf.new"
  for name in "${settings_files[@]}"; do mv -f "$folder/$name.new" "$folder/$name"; done
  mv -f "$program_file-gunicorn.conf.new" "$program_file-gunicorn.conf"
  if [ -n "${fact[processes]-}" ]; then
    mv -f "$program_file-processes.conf.new" "$program_file-processes.conf"
  else
    rm -f "$program_file-processes.conf" "$folder/processes.conf"
  fi
  [ -n "${fact[timers]-}" ] || rm -f "$folder/timers"
}

# Pages of the release that served until now are still read: nginx finds their static files by `previous`.
keep_as_previous() {
  local before
  before=$(readlink "/srv/$site/current") || return 0
  [ "$before" != "releases/$1" ] || return 0
  ln -sfn "$before" "/srv/$site/previous.new"
  mv -fT "/srv/$site/previous.new" "/srv/$site/previous"
}

# current is replaced in one rename, so that nginx and gunicorn always find a whole release.
switch_to() {
  ln -sfn "releases/$1" "/srv/$site/current.new"
  mv -fT "/srv/$site/current.new" "/srv/$site/current"
}

healthy_release() { cat "/etc/django-server/$site/healthy/release" 2>/dev/null; }

# Remembers what serves now, for an activation that goes wrong.
record_healthy() {
  local release=$1 facts=$2 folder=/etc/django-server/$site record name before
  before=$(readlink "$folder/healthy") || before=
  # When each of the two was last in service.
  touch -c "/srv/$site/releases/$(healthy_release)/.active"
  touch "/srv/$site/releases/$release/.active"
  record=$(mktemp -d "$folder/healthy.XXXXXX")
  for name in "${settings_files[@]}"; do cp -p "$folder/$name" "$record/$name"; done
  printf '%s\n' "$release" >"$record/release"
  printf '%s\n' "$facts" >"$record/facts"
  ln -sfn "${record##*/}" "$folder/healthy.new"
  mv -fT "$folder/healthy.new" "$folder/healthy"
  [ -z "$before" ] || rm -rf "${folder:?}/$before"
  rm -f "$folder/unfinished"
}

# Whether nothing has changed but what runs beside gunicorn, whose instances have all served since the last activation.
only_beside() {
  local folder=/etc/django-server/$site before
  before=$(cat "$folder/healthy/facts" 2>/dev/null) || return 1
  [ ! -e "$folder/unfinished" ] && [ "$(healthy_release)" = "$release" ] && [ "$facts" != "$before" ] &&
    [ "$(of_web <<<"$facts")" = "$(of_web <<<"$before")" ] && [ "$(in_service | wc -l)" -eq "${fact[instances]}" ]
}

of_web() { grep -vE '^(processes|timers) '; }
