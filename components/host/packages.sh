#!/usr/bin/env bash
# packages NAME... : Debian packages, installed without recommended ones; new|old where releases of Debian differ.
. "${0%/*}/lib/common.sh"
. "${0%/*}/lib/packages.sh"

install_packages "$@"
