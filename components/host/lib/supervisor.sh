# shellcheck shell=bash
# supervisor's programs of one site.
site_programs() {
  supervisorctl status 2>/dev/null | awk -v prefix="$1-gunicorn-" 'index($1, prefix) == 1 { print $1 }'
}

program_state() {
  supervisorctl status "$1" 2>/dev/null | awk '{ print $2 }'
}

# Starts a program anew with its present configuration. supervisorctl would wait for all of `startsecs`; the health
# check knows earlier.
program_restart() {
  local name=$1 report
  report=$(supervisorctl update "$name") || { printf '%s\n' "$report" >&2 && return 1; }
  [ -z "$report" ] || return 0
  /usr/bin/python3 - "$name" <<'END'
import sys
from supervisor.childutils import getRPCInterface

supervisor = getRPCInterface({"SUPERVISOR_SERVER_URL": "unix:///var/run/supervisor.sock"}).supervisor
name = sys.argv[1]
if supervisor.getProcessInfo(name)["statename"] in ("RUNNING", "STARTING", "BACKOFF"):
    supervisor.stopProcess(name)
supervisor.startProcess(name, False)
END
}

# supervisor reads all of its configuration or none: another application's broken file is named, not touched.
supervisor_reread() {
  local report
  report=$(supervisorctl reread 2>&1) && [[ $report != *ERROR* ]] && return
  printf '%s\n' "$report" >&2
  fail "supervisor cannot read its configuration (running programs go on); mend the file named above"
}
