# shellcheck shell=bash disable=SC2154 # site is the caller's
# Values of the site's secrets do not leave the machine with the last lines of a log.
without_secrets() {
  /usr/bin/python3 -c '
import glob, os, shlex, sys
secrets = set()
files = filter(os.path.exists, sys.argv[1:])
for file in [*files, *glob.glob(os.path.dirname(sys.argv[1]) + "/services/*")]:
    with open(file, encoding="utf-8") as lines:
        for assignment in shlex.split(lines.read(), comments=True):
            name, _, value = assignment.partition("=")
            # The name of a database, its port or that of a superuser is no secret, and all over the logs.
            known = "/services/" in file or name.startswith("DJANGO_SUPERUSER_")
            if not known or name.endswith(("PASSWORD", "URL")):
                secrets.update(value.splitlines())
text = sys.stdin.buffer.read().decode("utf-8", "replace")
for secret in sorted(secrets, key=len, reverse=True):
    if len(secret) > 3:
        text = text.replace(secret, "[secret]")
sys.stdout.buffer.write(text.encode())
' "/etc/django-server/$site/generated" "/etc/django-server/$site/next/secrets" "/etc/django-server/$site/next/superuser"
}

last_lines() { tail -n 25 "$1" | without_secrets | without_credentials | cut -c1-400 >&2 || true; }

# The end of a program's log, when it does not start; FILTER is a command that leaves lines out.
tell_log() {
  local log=$1 filter=${2:-cat}
  printf 'the last lines of %s:\n' "$log" >&2
  tail -n 80 "$log" | "$filter" | tail -n 15 | without_secrets | without_credentials | cut -c1-400 | sed 's/^/  /' >&2
}
