# shellcheck shell=bash disable=SC2154 # site is the caller's
# Values of the site's secrets do not leave the machine with the last lines of a log.
without_secrets() {
  /usr/bin/python3 -c '
import glob, os, re, shlex, sys
variables = []
for file in [*filter(os.path.exists, sys.argv[1:]), *glob.glob(os.path.dirname(sys.argv[1]) + "/services/*")]:
    with open(file, encoding="utf-8") as lines:
        variables += [assignment.partition("=")[::2] for assignment in shlex.split(lines.read(), comments=True)]
# Where a service is, and who a superuser, is no secret, by whatever further name, and all over the logs.
known = re.compile(r"(POSTGRES_|PG|REDIS_)(HOST|PORT|DB|DATABASE|USER|SSLMODE)$|DJANGO_SUPERUSER_(?!PASSWORD)")
told = {value for name, value in variables if known.match(name)}
secrets = {line for name, value in variables if value not in told or "PASS" in name for line in value.splitlines()}
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
