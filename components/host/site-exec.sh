#!/usr/bin/env bash
# site-exec SITE COMMAND... : runs a command of the site's virtual environment, in its project folder, with its
# environment. supervisor starts gunicorn through it, which serves what the release's own record names. RELEASE names a
# release that is not switched to yet: it gets the environment that is to be switched to with it.
set -euo pipefail

main() {
  local site=$1 release settings file name value
  shift
  settings=/etc/django-server/$site${RELEASE:+/next}
  release=$(cd -P "/srv/$site/${RELEASE:-current}" && pwd)
  export HOME=/srv/$site/shared LC_ALL=C.UTF-8 PYTHONUNBUFFERED=1
  while read -r name value; do
    case "$name" in
      settings) export DJANGO_SETTINGS_MODULE=$value ;;
      wsgi | asgi)
        if [ "$1" = gunicorn ]; then
          set -- "$@" "$value"
          export DJANGO_SERVER_INTERFACE=$name
        fi
        ;;
    esac
  done <"$release/record"
  set -o allexport
  for file in "/etc/django-server/$site/generated" "$settings/environment" "$settings/secrets"; do
    # shellcheck source=/dev/null
    . "$file"
  done
  set +o allexport
  unset RELEASE
  export VIRTUAL_ENV=$release/venv
  export PATH=$release/venv/bin:/usr/local/bin:/usr/bin:/bin
  cd "$release/project"
  exec "$@"
}

main "$@"
