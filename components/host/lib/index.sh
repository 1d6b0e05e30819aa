# shellcheck shell=bash
# What Python's packages were asked for in vain.
index_hint() {
  if [ -n "${PIP_NO_INDEX-}" ]; then
    printf 'is it, for Python %s on %s, in the folder of network.wheels?' \
      "$(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')" "$(uname -m)"
  else
    printf 'is the package index %s reachable from this machine%s?' \
      "$(without_credentials <<<"${UV_DEFAULT_INDEX:-https://pypi.org/simple}")" "$(by_proxy)"
  fi
}
