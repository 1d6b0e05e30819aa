#!/usr/bin/env bash
# program SITE [processes] : standard input as the next /etc/supervisor/conf.d/SITE-gunicorn.conf, or SITE-processes.conf,
# read by supervisor's own parser first. It takes effect when the site is activated.
. "${0%/*}/lib/common.sh"

main() {
  local site=${1:?site} target staged report
  target=/etc/django-server/$site/next/${2:-program}.conf
  lock "site-$site"
  refuse_foreign "/etc/supervisor/conf.d/$site-${2:-gunicorn}.conf"
  staged=$(stage "$target")
  # shellcheck disable=SC2064
  trap "rm -f '$staged' '$staged.main'" EXIT
  printf '[supervisord]\n[include]\nfiles = %s\n' "$staged" >"$staged.main"
  if ! report=$(
    /usr/bin/python3 - "$staged.main" 2>&1 <<'END'
import sys
from supervisor.options import ServerOptions

options = ServerOptions()
options.realize(["-c", sys.argv[1]])
END
  ); then
    tail -n 3 <<<"$report" >&2
    fail "supervisor refuses the programs of $site; the live one is untouched"
  fi
  mv -f "$staged" "$target"
}

main "$@"
