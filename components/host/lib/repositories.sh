# shellcheck shell=bash disable=SC2154 # site and setting are the caller's
# restic's repositories of one site, `site`: `disk`, in a folder of this machine, and `s3`, off it, as its settings,
# `setting`, say.

read_backup_settings() {
  local file=/etc/django-server/$site/backup/settings
  [ -e "$file" ] || fail "no backups of $site are set up on this machine"
  read_values setting <"$file"
}

places() {
  [ "${setting[folder]}" = none ] || printf 'disk\n'
  [ -z "${setting[repository]-}" ] || printf 's3\n'
}

# in_place PLACE ARGUMENT... : restic, on one of the repositories. Passwords and keys are in its environment alone.
in_place() (
  place=$1
  shift
  export RESTIC_CACHE_DIR=/var/lib/django-server/backup/$site/cache
  case $place in
    disk) export RESTIC_REPOSITORY=${setting[folder]}/repository RESTIC_PASSWORD_FILE=${setting[folder]}/password ;;
    s3)
      export RESTIC_REPOSITORY=${setting[repository]}
      [ -z "${setting[region]-}" ] || export AWS_DEFAULT_REGION=${setting[region]}
      set -o allexport
      # shellcheck source=/dev/null
      . "/etc/django-server/$site/backup/secrets"
      set +o allexport
      ;;
    *) fail "there is no place $place; there are: $(places | paste -sd ' ')" ;;
  esac
  exec restic "$@"
)

# The folder holds all it takes to read it, its password too: it may be copied to another machine as it is.
prepare_folder() {
  local folder=${setting[folder]} staged
  install -d -m 0700 "$folder"
  if [ ! -s "$folder/password" ]; then
    staged=$(head -c 48 /dev/urandom | base64 | stage "$folder/password" 0600)
    mv "$staged" "$folder/password"
  fi
  # Cut off while it was made, it holds nothing.
  [ -e "$folder/repository/config" ] || rm -rf "$folder/repository"
}

# Makes a repository ready to be written to; what a run that was killed has left locked is unlocked.
open_repository() {
  local place=$1 said
  [ "$place" != disk ] || prepare_folder
  if said=$(in_place "$place" unlock 2>&1 >/dev/null </dev/null); then return; fi
  case $said in
    *'wrong password'*) fail "the repository in $place was made with another password" ;;
    # A store that is away, or refuses the key, says the same at first.
    *'Is there a repository'* | *'does not exist'*)
      said=$(in_place "$place" init 2>&1 >/dev/null </dev/null) && return
      ;;
  esac
  fail "the repository in $place can't be opened: $(tail -n 1 <<<"$said")"
}
