# shellcheck shell=bash
# supervisor's programs, asked for over its own socket: each start of supervisorctl takes longer than what it is asked for.

# rpc METHOD [PROGRAM [0|1]] : one call, its answer on one line; false when it is a fault.
rpc() {
  local parameters='' answer
  [ $# -lt 2 ] || parameters="<param><value><string>$2</string></value></param>"
  [ $# -lt 3 ] || parameters+="<param><value><boolean>$3</boolean></value></param>"
  answer=$(curl --silent --fail --noproxy '*' --max-time 10 --unix-socket /var/run/supervisor.sock \
    --header 'Content-Type: text/xml' http://localhost/RPC2 --data-binary \
    "<?xml version='1.0'?><methodCall><methodName>supervisor.$1</methodName><params>$parameters</params></methodCall>") ||
    return 1
  printf '%s\n' "${answer//$'\n'/}"
  [[ $answer == *'</methodResponse>'* && $answer != *'<fault>'* ]]
}

# The programs whose names match, a line each as `supervisorctl status` has it: NAME STATE DESCRIPTION.
programs() {
  { rpc getAllProcessInfo || true; } | sed 's#</struct>#\n#g' | awk -v names="$1" '
    function member(name) {
      if (!match($0, "<name>" name "</name><value><[a-z]+>[^<]*")) return ""
      found = substr($0, RSTART, RLENGTH)
      return substr(found, match(found, /[^>]*$/))
    }
    member("name") ~ names { print member("name"), member("statename"), member("description") }'
}

# Those of one site: its instances, and what runs beside them. Names of processes have no dash, unlike those of sites.
site_programs() { programs "^$1-gunicorn-[0-9]+\$"; }
site_processes() { programs "^$1-[a-z0-9_]+-[0-9]+\$" | grep -v "^$1-gunicorn-" || true; }

program_member() { { rpc getProcessInfo "$1" || true; } | sed -nE "s#.*<name>$2</name><value><[a-z0-9]+>([^<]*)<.*#\\1#p"; }
program_state() { program_member "$1" statename; }

# stop_program NAME : begins to end it; supervisor kills it when it has not gone after `stopwaitsecs`.
stop_program() { rpc stopProcess "$1" 0 >/dev/null || true; }

await_end() { while [[ $(program_state "$1") == STOPPING ]]; do sleep 0.05; done; }

# For one that hangs.
kill_program() {
  local pid
  pid=$(program_member "$1" pid)
  stop_program "$1"
  [ "${pid:-0}" -eq 0 ] || kill -9 -- "-$pid" 2>/dev/null || true
  await_end "$1"
}

# Starts a stopped program with its present configuration, which has been reread, and does not wait for `startsecs`: the
# health check knows earlier. supervisor may start it by itself as soon as it is added.
start_program() {
  rpc removeProcessGroup "$1" >/dev/null || true
  rpc addProcessGroup "$1" >/dev/null || { printf 'supervisor does not take the program %s\n' "$1" >&2 && return 1; }
  rpc startProcess "$1" 0 >/dev/null || [[ $(program_state "$1") =~ STARTING|RUNNING|BACKOFF ]]
}

# The programs that run with another configuration than the present one.
changed_programs() {
  { rpc reloadConfig || true; } | sed 's#</data></array>#\n#g' | sed -n 2p | grep -o '<string>[^<]*' | cut -c 9- || true
}

# supervisor reads all of its configuration or none: another application's broken file is named, not touched.
supervisor_reread() {
  local report
  rpc reloadConfig >/dev/null && return
  report=$(supervisorctl reread 2>&1) && [[ $report != *ERROR* ]] && return
  printf '%s\n' "$report" >&2
  fail "supervisor cannot read its configuration (running programs go on); mend the file named above"
}
