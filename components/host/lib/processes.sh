# shellcheck shell=bash disable=SC2154 # site is the caller's
# What runs beside gunicorn: supervisor's programs SITE-NAME-0, … of one site, `site`.

# The names of those that are to run.
wanted_processes() { sed -n 's/^\[program:\(.*\)\]$/\1/p' "/etc/supervisor/conf.d/$site-processes.conf" 2>/dev/null || true; }

# Ends programs, all at the same time; supervisor kills those that have not gone after their `stopwaitsecs`.
end_programs() {
  local program
  for program in "$@"; do stop_program "$program"; done
  for program in "$@"; do await_end "$program"; done
}

# Ends them all. They stay ended until start_processes, or until supervisor itself is started.
stop_processes() {
  local names
  mapfile -t names < <(site_processes "$site" | cut -d ' ' -f 1)
  end_programs "${names[@]}"
}

# Has supervisor run those that are to run, as its configuration has them now, and no others; what runs so already is left
# alone. False, with the reason, unless all of them stay up for their `startsecs`.
start_processes() {
  local program state description wanted changed gone=() known=() starting=()
  local -A states=()
  wanted=$(wanted_processes)
  while read -r program state description; do states[$program]=$state; done < <(site_processes "$site")
  [ -n "$wanted" ] || [ "${#states[@]}" -gt 0 ] || return 0
  supervisor_reread
  changed=$(changed_programs)
  for program in "${!states[@]}"; do
    grep -qxF -e "$program" <<<"$wanted" || gone+=("$program")
  done
  for program in $wanted; do
    if [[ ${states[$program]-} =~ RUNNING|STARTING ]] && ! grep -qxF -e "$program" <<<"$changed"; then continue; fi
    starting+=("$program")
    [ -z "${states[$program]-}" ] || known+=("$program")
  done
  end_programs "${gone[@]}" "${known[@]}"
  for program in "${gone[@]}"; do rpc removeProcessGroup "$program" >/dev/null || true; done
  for program in "${starting[@]}"; do start_program "$program" || return 1; done
  await_processes
}

# Until none of them is STARTING any more. False, with the reason, as soon as one does something else than run.
await_processes() {
  local program state description waiting=yes
  local -A states=() descriptions=()
  while [ -n "$waiting" ]; do
    waiting='' states=()
    while read -r program state description; do
      states[$program]=$state descriptions[$program]=$description
    done < <(site_processes "$site")
    for program in $(wanted_processes); do
      case ${states[$program]-} in
        RUNNING) ;;
        STARTING) waiting=yes ;;
        *)
          printf '%s does not stay up; supervisor: %s %s\n' \
            "$program" "${states[$program]-nothing}" "${descriptions[$program]-}" >&2
          tell_log "/var/log/$site/${program#"$site"-}.log"
          return 1
          ;;
      esac
    done
    [ -z "$waiting" ] || sleep 0.2
  done
}

tell_processes() { site_processes "$site" | sed 's/ /; supervisor: /'; }
