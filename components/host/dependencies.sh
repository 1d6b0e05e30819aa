#!/usr/bin/env bash
# dependencies SITE ID [KIND UV] : the virtual environment /srv/SITE/venvs/ID-PYTHON from dependency files, which come on
# standard input, each after a line `==> NAME <==`; without KIND, from those that came the last time. One that works is
# left as it is.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/files.sh"
. "${0%/*}/lib/index.sh"
. "${0%/*}/lib/venv.sh"

# Packages may run code of their own while they are installed: never as root.
as_site() { setpriv --reuid "$site" --regid "$site" --init-groups "$@"; }

install_requirements() {
  quietly as_site "$uv" pip install ${PIP_NO_INDEX:+--no-index} --python "$venv/bin/python" "$@" --compile-bytecode
}

# uv.lock names the files of the index that it was made with. Where another one is to be used, its versions and sums
# count; whether it fits pyproject.toml is told without any index.
export_locked() {
  quietly as_site env -u UV_DEFAULT_INDEX "$uv" export --project "$work" --python "$venv/bin/python" --locked --offline \
    --no-dev --no-emit-project --no-header --output-file "$work/requirements.txt" ||
    fail "uv.lock does not fit pyproject.toml; bring it up to date with: uv lock"
}

install_locked() {
  case "$kind" in
    requirements | pipfile) install_requirements --requirement "$work/requirements.txt" ;;
    pyproject) install_requirements --requirement "$work/pyproject.toml" ;;
    uv)
      if [ -n "${UV_DEFAULT_INDEX-}${PIP_NO_INDEX-}" ]; then
        export_locked
        install_requirements --requirement "$work/requirements.txt"
        return
      fi
      quietly as_site env UV_PROJECT_ENVIRONMENT="$venv" "$uv" sync --project "$work" --locked --no-dev \
        --no-install-project --inexact --compile-bytecode
      ;;
    poetry)
      quietly as_site "$uv" tool run ${PIP_NO_INDEX:+--no-index} --from "$(cat "$work/poetry.txt")" \
        --with "$(cat "$work/poetry-export.txt")" poetry --directory "$work" export --only main --output "$work/requirements.txt" &&
        install_requirements --requirement "$work/requirements.txt"
      ;;
    *) fail "unknown kind of dependencies: $kind" ;;
  esac
}

# What serves the app, as far as its dependencies have not brought it; theirs stay as they are.
install_server() {
  as_site "$uv" pip freeze --python "$venv/bin/python" >"$work/installed.txt" 2>/dev/null ||
    fail "the virtual environment does not tell what is installed in it"
  awk -F '[ =@]+' 'NR == FNR { installed[$1]; next } !($1 in installed)' "$work/installed.txt" "$work/server.txt" >"$work/missing.txt"
  install_requirements --requirement "$work/missing.txt" --constraint "$work/installed.txt" ||
    fail "installing what serves the app failed: does it go with the versions that the app lists? Otherwise, $(index_hint)"
}

# Kept for a day when the system gets another Python.
keep_source() {
  rm -rf "$source"
  mkdir "$source"
  unpack_files "$source"
  printf '%s\n' "$1" >"$source/kind"
  printf '%s\n' "$2" >"$source/uv"
}

main() {
  site=${1:?site}
  local id=${2:?id} venv source work kind uv
  source=/srv/$site/venvs/$id.source
  lock "venvs-$site"
  [ $# -eq 2 ] || keep_source "$3" "$4"
  kind=$(<"$source/kind") uv=$(<"$source/uv") venv=$(venv_path "$id")
  if venv_works "$venv"; then return; fi
  work=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$work'" EXIT
  cp "$source"/* "$work"
  rm -rf "$venv"
  install -d -o "$site" -g "$site" "$venv"
  chown -R "$site:" "$work"
  cd "$work"
  export UV_CACHE_DIR=/var/cache/django-server-$site HOME=$work TMPDIR=$work UV_PYTHON_DOWNLOADS=never UV_NO_CONFIG=1 UV_NO_PROGRESS=1
  quietly as_site "$uv" venv --allow-existing --python /usr/bin/python3 "$venv" || fail "making the virtual environment failed"
  install_locked || fail "installing the dependencies failed; $(index_hint)"
  install_server
  # The app runs what was installed, and cannot change it.
  chown -R "root:$site" "$venv"
  chmod -R go-w "$venv"
  touch "$venv/.complete"
}

main "$@"
