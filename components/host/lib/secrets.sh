# shellcheck shell=bash disable=SC2154 # site is the caller's
# Values of the site's secrets do not leave the machine with the last lines of a log.
without_secrets() {
  /usr/bin/python3 -c '
import os, shlex, sys
secrets = set()
for file in filter(os.path.exists, sys.argv[1:]):
    with open(file, encoding="utf-8") as lines:
        for assignment in shlex.split(lines.read(), comments=True):
            name, _, value = assignment.partition("=")
            # Of the superuser only this: their name is a word of many.
            if not name.startswith("DJANGO_SUPERUSER_") or name.endswith("_PASSWORD"):
                secrets.update(value.splitlines())
text = sys.stdin.buffer.read().decode("utf-8", "replace")
for secret in sorted(secrets, key=len, reverse=True):
    if len(secret) > 3:
        text = text.replace(secret, "[secret]")
sys.stdout.buffer.write(text.encode())
' "/etc/django-server/$site/generated" "/etc/django-server/$site/next/secrets" "/etc/django-server/$site/next/superuser"
}

last_lines() { tail -n 25 "$1" | without_secrets | cut -c1-400 >&2 || true; }
