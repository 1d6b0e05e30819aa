# shellcheck shell=bash disable=SC2154 # site is the caller's
# The settings of one site, `site`: those in force in /etc/django-server/SITE, those placed beside them in next/, and
# in healthy/ those that served when an activation last ended well, with the name of their release and its facts.
readonly settings_files=(environment secrets gunicorn.conf.py program.conf)

# Puts a set of settings in force, each file in one rename; supervisor gets its part.
put_settings() {
  local from=$1 name folder=/etc/django-server/$site program_file=/etc/supervisor/conf.d/$site-gunicorn.conf
  # A disk that is full must not leave some of one set and some of another.
  for name in "${settings_files[@]}"; do cp -p "$from/$name" "$folder/$name.new"; done
  install -m 0644 "$from/program.conf" "$program_file.new"
  for name in "${settings_files[@]}"; do mv -f "$folder/$name.new" "$folder/$name"; done
  mv -f "$program_file.new" "$program_file"
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
}
