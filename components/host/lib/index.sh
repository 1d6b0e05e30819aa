# shellcheck shell=bash
# What Python's packages were asked for in vain.
index_hint() {
  local python
  python="Python $(/usr/bin/python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])') on $(uname -m)"
  if [ -n "${PIP_NO_INDEX-}" ]; then
    printf 'is there a wheel of it for %s in the folder of network.wheels?' "$python"
  else
    printf 'is the package index %s reachable from this machine%s, and does it have this for %s?' \
      "$(without_credentials <<<"${UV_DEFAULT_INDEX:-https://pypi.org/simple}")" "$(by_proxy)" "$python"
  fi
}
