# shellcheck shell=bash disable=SC2154 # site is the caller's
# Values of the site's secrets do not leave the machine with the last lines of a log.
without_secrets() {
  /usr/bin/python3 -c '
import glob, os, shlex, sys
secrets = set()
for file in sys.argv[1:] + glob.glob(os.path.dirname(sys.argv[1]) + "/services/*"):
    with open(file, encoding="utf-8") as lines:
        for assignment in shlex.split(lines.read(), comments=True):
            name, _, value = assignment.partition("=")
            # The name of a database, or its port, is no secret, and all over the logs.
            if "/services/" not in file or name.endswith(("PASSWORD", "URL")):
                secrets.update(value.splitlines())
text = sys.stdin.buffer.read().decode("utf-8", "replace")
for secret in sorted(secrets, key=len, reverse=True):
    if len(secret) > 3:
        text = text.replace(secret, "[secret]")
sys.stdout.buffer.write(text.encode())
' "/etc/django-server/$site/generated" "/etc/django-server/$site/next/secrets"
}

last_lines() { tail -n 25 "$1" | without_secrets | cut -c1-400 >&2 || true; }
