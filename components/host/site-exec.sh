#!/usr/bin/env bash
# site-exec SITE COMMAND... : runs a command of the site's virtual environment, in its project folder, with its
# environment. RELEASE names another release than the current one. supervisor starts gunicorn through it.
set -euo pipefail

main() {
  local site=$1 release file
  shift
  release=$(cd -P "/srv/$site/${RELEASE:-current}" && pwd)
  export HOME=/srv/$site/shared LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1
  set -o allexport
  for file in generated environment secrets; do
    # shellcheck source=/dev/null
    [ ! -r "/etc/django-server/$site/$file" ] || . "/etc/django-server/$site/$file"
  done
  set +o allexport
  unset RELEASE
  export VIRTUAL_ENV=$release/venv
  export PATH=$release/venv/bin:/usr/local/bin:/usr/bin:/bin
  cd "$release/project"
  exec "$@"
}

main "$@"
