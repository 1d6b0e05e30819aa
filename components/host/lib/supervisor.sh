# shellcheck shell=bash
# supervisor's programs of one site, a line each as `supervisorctl status` has it. Its own status tells of stopped ones.
site_programs() {
  { supervisorctl status 2>/dev/null || true; } | awk -v prefix="$1-gunicorn-" 'index($1, prefix) == 1'
}

program_state() {
  supervisorctl status "$1" 2>/dev/null | awk '{ print $2 }'
}

# program restart|stop|kill NAME : `restart` with its present configuration, `stop` also where that no longer has it, `kill`
# for one that hangs. supervisorctl would wait for all of `startsecs`; the health check knows earlier.
program() {
  /usr/bin/python3 - "$@" <<'END_OF_PYTHON'
import os
import signal
import sys
import time

from supervisor.childutils import getRPCInterface

supervisor = getRPCInterface({"SUPERVISOR_SERVER_URL": "unix:///var/run/supervisor.sock"}).supervisor
action, name = sys.argv[1:]


def state():
    return supervisor.getProcessInfo(name)["statename"]


def kill():
    pid = supervisor.getProcessInfo(name)["pid"]
    supervisor.stopProcess(name, False)
    if pid:
        os.killpg(pid, signal.SIGKILL)
    while state() == "STOPPING":
        time.sleep(0.05)


added, changed, removed = supervisor.reloadConfig()[0]
if name not in added and state() in ("RUNNING", "STARTING", "BACKOFF"):
    kill() if action == "kill" else supervisor.stopProcess(name)
if name in changed + removed:
    supervisor.removeProcessGroup(name)
if name in added + changed:
    supervisor.addProcessGroup(name)
if action == "restart" and state() not in ("RUNNING", "STARTING"):
    supervisor.startProcess(name, False)
END_OF_PYTHON
}

# supervisor reads all of its configuration or none: another application's broken file is named, not touched. Asking it
# directly spares the start of supervisorctl, which takes longer than its work; that one has the words when it fails.
supervisor_reread() {
  local call='<?xml version="1.0"?><methodCall><methodName>supervisor.reloadConfig</methodName></methodCall>' report
  report=$(curl --silent --fail --max-time 10 --unix-socket /var/run/supervisor.sock \
    --header 'Content-Type: text/xml' --data "$call" http://localhost/RPC2) &&
    [[ $report == *'</methodResponse>'* && $report != *'<fault>'* ]] && return
  report=$(supervisorctl reread 2>&1) && [[ $report != *ERROR* ]] && return
  printf '%s\n' "$report" >&2
  fail "supervisor cannot read its configuration (running programs go on); mend the file named above"
}
