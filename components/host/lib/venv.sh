# shellcheck shell=bash disable=SC2154 # site is the caller's
# A virtual environment belongs to a set of dependencies and to the version of Python that it was made with:
# /srv/SITE/venvs/ID-3.13, beside the files it is made from, ID.source.
venv_path() {
  printf '%s-%s\n' "/srv/$site/venvs/$1" "$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
}

# Whether it is whole, and its Python is still there.
venv_works() { [ -e "$1/.complete" ] && "$1/bin/python" -c 'import gunicorn' 2>/dev/null; }
